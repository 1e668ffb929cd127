#include "nodes/check/check.hpp"

#include "nodes/check/check_json.hpp"
#include "nodes/check/check_text.hpp"
#include "nodes/check/graph_input.hpp"
#include "nodes/check/write_outputs.hpp"
#include "nodes/cli/exit_code.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

namespace nodes {

namespace {

bool has_errors(const RealmReport& report) {
    return std::ranges::any_of(report.graph.findings, [](const mesh::Finding& finding) {
        return finding.severity == mesh::Severity::error;
    });
}

/// Whether stdout belongs to an output.
bool takes_stdout(const std::vector<OutputRequest>& outputs) {
    return std::ranges::find(outputs, "-", &OutputRequest::file) != outputs.end();
}

void print_report(const std::vector<RealmReport>& reports, const CheckOptions& options,
                  std::ostream& out) {
    if (options.is_json)
        // The path of a file may hold any bytes.
        out << check_json(reports).dump(2, ' ', false,
                                        nlohmann::ordered_json::error_handler_t::replace)
            << '\n';
    else
        print_check(reports, options.view, options.use_colour, out);
}

bool write_outputs_of(const mesh::ManifestSet& set, const std::vector<RealmReport>& reports,
                      const CheckOptions& options, std::ostream& out, std::ostream& err) {
    const bool has_picture = std::ranges::any_of(options.outputs, is_picture, &OutputRequest::form);
    std::vector<mesh::GraphInput> inputs;
    for (const auto& realm : set.realms)
        if (has_picture)
            inputs.push_back(graph_input(realm));
    return write_outputs(options.outputs, {reports, inputs, options.view}, out, err);
}

} // namespace

std::vector<RealmReport> check_realms(const mesh::ManifestSet& set, const CheckOptions& options) {
    const mesh::CheckRequest request{options.today, options.view == View::services};
    std::vector<RealmReport> reports;
    for (const auto& realm : set.realms) {
        RealmReport report{realm.realm, mesh::check_graph(graph_input(realm), request)};
        for (const auto& warning : realm.warnings)
            report.graph.findings.push_back(
                mesh::make_finding(mesh::repeated_entry, warning.message, warning.place));
        if (options.is_strict)
            for (auto& finding : report.graph.findings)
                finding.severity = mesh::Severity::error;
        reports.push_back(std::move(report));
    }
    return reports;
}

void print_errors(const std::vector<mesh::ManifestError>& errors, std::ostream& err) {
    for (const auto& error : errors)
        err << mesh::to_string(error.place) << ": error: " << error.message << '\n';
}

int check(const std::vector<std::string>& paths, const CheckOptions& options, std::ostream& out,
          std::ostream& err) {
    const auto set = mesh::read_manifests(paths.empty() ? std::vector<std::string>{"."} : paths);
    if (!set.errors.empty()) {
        print_errors(set.errors, err);
        return 2;
    }
    const auto reports = check_realms(set, options);
    if (!takes_stdout(options.outputs))
        print_report(reports, options, out);
    if (!write_outputs_of(set, reports, options, out, err))
        return to_int(ExitCode::environment);
    return std::ranges::any_of(reports, has_errors) ? 1 : 0;
}

} // namespace nodes
