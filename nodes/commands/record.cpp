#include "nodes/cli/event_json.hpp"
#include "nodes/commands/tool.hpp"
#include "nodes/text/progress_line.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration progress_interval = 200ms;

} // namespace

int run_record(const Invocation& invocation) {
    const auto& line = invocation.line;
    const auto& name = line.positionals.front();
    std::vector<std::string> patterns(line.positionals.begin() + 1, line.positionals.end());
    if (patterns.empty())
        patterns.emplace_back(">");
    const auto wanted = line.options.number("count");
    const auto from = start_from(line);
    std::ofstream file(name, std::ios::trunc);
    if (!file)
        throw std::runtime_error(name + ": cannot be written");
    std::atomic<std::uint64_t> recorded{0};
    std::atomic<std::uint64_t> lost{0};
    Tool tool(invocation, observer_options(line.global, "record"));
    const auto realm = tool.node().options().realm;
    tool.node()
        .on(patterns,
            [&](const mesh::Event& event) {
                if (wanted && recorded == *wanted)
                    return;
                file << cloud_event(event, realm) << "\n" << std::flush;
                if (!file) {
                    std::cerr << "dagmesh: " << name << ": cannot be written\n";
                    tool.finish(ExitCode::environment);
                    throw mesh::Abandoned{};
                }
                if (++recorded == wanted)
                    tool.finish(ExitCode::done);
            })
        .named("record")
        .group(mesh::GroupMode::each)
        .emits(std::vector<mesh::Pattern>{})
        .from(from)
        .on_gap([&](const mesh::Gap& gap) {
            lost += gap.count;
            std::cerr << "gap: " << gap.count << " events of " << gap.service << " after "
                      << gap.after << " up to " << gap.until << " are lost\n";
        });
    const auto late = wanted ? ExitCode::timed_out : ExitCode::done;
    const auto tell = [&](bool is_over) {
        if (!line.global.is_quiet)
            tell_progress_line(fmt::format("{} events recorded in {}", recorded.load(), name),
                               std::nullopt, is_over);
    };
    tool.on_signal([&] { tool.finish(late); });
    const int code = tool.run(line.global.timeout, late,
                              [&] { tool.loop().every(progress_interval, [&] { tell(false); }); });
    tell(true);
    return code == to_int(ExitCode::done) && lost > 0 ? to_int(ExitCode::loss) : code;
}

} // namespace nodes
