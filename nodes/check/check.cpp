#include "nodes/check/check.hpp"

#include "nodes/check/check_json.hpp"
#include "nodes/check/check_text.hpp"
#include "nodes/check/comparison.hpp"
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

bool write_outputs_of(const mesh::ManifestSet& set, const std::vector<RealmReport>& reports,
                      const CheckOptions& options, std::ostream& out, std::ostream& err) {
    const bool has_picture = std::ranges::any_of(options.outputs, is_picture, &OutputRequest::form);
    std::vector<mesh::GraphInput> inputs;
    for (const auto& realm : set.realms)
        if (has_picture)
            inputs.push_back(graph_input(realm));
    return write_outputs(options.outputs, {reports, inputs, options.view}, out, err);
}

void print(const std::vector<RealmReport>& reports, const Comparison& comparison,
           const CheckOptions& options, std::ostream& out) {
    if (!options.is_json) {
        print_check(reports, options.view, options.use_colour, out);
        print_comparison(comparison, out);
        return;
    }
    auto json = check_json(reports);
    add_comparison(comparison, json);
    if (options.live)
        json["live"] = {{"nodes", options.live->node_count},
                        {"complete", options.live->is_complete()},
                        {"missing", options.live->missing},
                        {"quarantined", options.live->quarantined}};
    // The path of a file may hold any bytes.
    out << json.dump(options.is_one_line ? -1 : 2, ' ', false, Json::error_handler_t::replace)
        << '\n';
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
    return check(mesh::read_manifests(paths.empty() ? std::vector<std::string>{"."} : paths),
                 options, out, err);
}

int check(const mesh::ManifestSet& set, const CheckOptions& options, std::ostream& out,
          std::ostream& err) {
    if (!set.errors.empty()) {
        print_errors(set.errors, err);
        return to_int(ExitCode::usage);
    }
    auto reports = check_realms(set, options);
    Comparison comparison;
    if (const int code = compare(set, options, reports, comparison, err))
        return code;
    if (!takes_stdout(options.outputs))
        print(reports, comparison, options, out);
    if (!write_outputs_of(set, reports, options, out, err))
        return to_int(ExitCode::environment);
    if (std::ranges::any_of(reports, has_errors))
        return to_int(ExitCode::finding);
    const bool is_whole = !options.live || options.live->is_complete();
    return to_int(is_whole ? ExitCode::done : ExitCode::timed_out);
}

} // namespace nodes
