#include "nodes/up/up.hpp"

#include "nodes/cli/exit_code.hpp"
#include "nodes/up/output.hpp"
#include "nodes/up/plan.hpp"
#include "nodes/up/report.hpp"
#include "nodes/up/supervisor.hpp"

#include <csignal>
#include <ostream>
#include <vector>

namespace nodes {

namespace {

int refuse(std::ostream& err, const mesh::Error& error) {
    err << "dagmesh up: " << error.detail << '\n';
    return to_int(error.code == mesh::ErrorCode::environment ? ExitCode::environment
                                                             : ExitCode::usage);
}

} // namespace

int up(const UpOptions& options, const mesh::RealmManifest& manifest,
       std::span<const std::string> start_order, StopSignals& signals, std::ostream& out,
       std::ostream& err, Direction* direction) {
    auto plan = plan_processes(options, manifest, start_order);
    if (!plan)
        return refuse(err, plan.error());

    // Who starts this program may ignore SIGCHLD; then the kernel would forget how children ended.
    std::signal(SIGCHLD, SIG_DFL);
    std::vector<std::string> labels;
    for (const auto& process : *plan)
        labels.push_back(process.label);
    Output output(out, err, labels, options.has_color);
    if (options.log_folder)
        if (const auto logging = output.also_log_to(*options.log_folder); !logging)
            return refuse(err, logging.error());

    RunReport report;
    const int code =
        Supervisor(options, std::move(*plan), output, report, signals, direction).run();
    if (!report.is_empty())
        out << '\n' << report.table() << std::flush;
    return code;
}

} // namespace nodes
