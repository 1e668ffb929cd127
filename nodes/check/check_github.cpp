#include "nodes/check/check_github.hpp"

#include "nodes/check/witness_text.hpp"
#include "nodes/text/escape.hpp"

#include <fmt/format.h>

namespace nodes {

namespace {

std::string annotation(const mesh::Finding& finding) {
    std::string properties;
    if (!finding.place.file.empty())
        properties += "file=" + escape_github_property(finding.place.file) + ",";
    if (finding.place.line > 0)
        properties += fmt::format("line={},col={},", finding.place.line, finding.place.column);
    properties += "title=" + escape_github_property(finding.code + " " + finding.name);
    return fmt::format("::{} {}::{}\n",
                       finding.severity == mesh::Severity::error ? "error" : "warning", properties,
                       escape_github_message(finding_lines(finding)));
}

} // namespace

std::string check_github(const std::vector<RealmReport>& reports) {
    std::string text;
    for (const auto& report : reports)
        for (const auto& finding : report.graph.findings)
            text += annotation(finding);
    return text;
}

} // namespace nodes
