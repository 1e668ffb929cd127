#include "nodes/check/check_sarif.hpp"

#include "mesh/base/hash.hpp"
#include "nodes/check/explain.hpp"
#include "nodes/check/witness_text.hpp"
#include "nodes/text/escape.hpp"
#include "nodes/text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace nodes {

namespace {

using Json = nlohmann::ordered_json;

Json text_json(std::string_view text) {
    return {{"text", valid_utf8(text)}};
}

const char* level_of(mesh::Severity severity) {
    return severity == mesh::Severity::error ? "error" : "warning";
}

/// A reference relative to `folder`, also where the file lies elsewhere.
std::string uri_of(const std::string& file, const std::string& folder) {
    const auto path = std::filesystem::path(file).lexically_normal();
    return escape_uri_path(
        (path.is_absolute() ? path.lexically_relative(folder) : path).generic_string());
}

Json location_json(const mesh::Place& place, std::string_view message, const std::string& folder) {
    Json location = Json::object();
    if (!place.file.empty()) {
        Json physical{{"artifactLocation",
                       {{"uri", uri_of(place.file, folder)}, {"uriBaseId", "%SRCROOT%"}}}};
        if (place.line > 0)
            physical["region"] = {{"startLine", place.line},
                                  {"startColumn", std::max<std::uint32_t>(1, place.column)}};
        location["physicalLocation"] = std::move(physical);
    }
    if (!message.empty())
        location["message"] = text_json(message);
    return location;
}

Json code_flow_json(const std::vector<WitnessStep>& steps, const std::string& folder) {
    Json locations = Json::array();
    for (std::size_t i = 0; i < steps.size(); ++i)
        locations.push_back({{"location", location_json(steps[i].place, steps[i].text, folder)},
                             {"executionOrder", i + 1}});
    return {{"threadFlows", Json::array({{{"locations", std::move(locations)}}})}};
}

/// What makes a finding the same one after its file was edited elsewhere: everything but places.
std::string fingerprint_of(const mesh::Finding& finding, const std::string& realm) {
    auto text = realm + "\n" + finding.code;
    if (finding.cycle.empty() && finding.path.empty())
        text += "\n" + finding.message;
    for (const auto* walk : {&finding.cycle, &finding.path})
        for (const auto& step : *walk)
            text += "\n" + step.event + "\n" + step.handler + "\n" + step.emits;
    return fmt::format("{:016x}", mesh::hash64(text));
}

/// One rule a kind of finding, in the words of `--explain`.
Json rules_json() {
    Json rules = Json::array();
    for (const auto& kind : mesh::finding_kinds()) {
        Json rule{{"id", kind.code}, {"name", kind.name}};
        const auto all = explanations();
        const auto known = std::ranges::find(all, kind.code, &Explanation::code);
        if (known != all.end()) {
            const auto reason = std::string(known->meaning) + " " + std::string(known->reason);
            rule["shortDescription"] = text_json(known->meaning);
            rule["fullDescription"] = text_json(reason);
            rule["help"] = text_json(reason + " " + std::string(known->remedy));
        }
        rule["defaultConfiguration"] = {{"level", level_of(kind.severity)}};
        rules.push_back(std::move(rule));
    }
    return rules;
}

Json result_json(const mesh::Finding& finding, const std::string& realm,
                 const std::string& folder) {
    Json result{{"ruleId", finding.code}};
    const auto kinds = mesh::finding_kinds();
    const auto kind = std::ranges::find(kinds, finding.code, &mesh::FindingKind::code);
    if (kind != kinds.end())
        result["ruleIndex"] = kind - kinds.begin();
    result["level"] = level_of(finding.severity);
    result["message"] = text_json(headline(finding));
    result["locations"] = Json::array({location_json(finding.place, "", folder)});
    if (const auto steps = witness_steps(finding); !steps.empty()) {
        if (finding.cycle.empty() && finding.path.empty())
            for (const auto& step : steps)
                result["relatedLocations"].push_back(location_json(step.place, step.text, folder));
        else
            result["codeFlows"] = Json::array({code_flow_json(steps, folder)});
    }
    for (const auto& step : cut_steps(finding))
        result["relatedLocations"].push_back(location_json(step.place, step.text, folder));
    result["partialFingerprints"] = {{"dagmeshFinding/v1", fingerprint_of(finding, realm)}};
    if (!realm.empty())
        result["properties"] = {{"realm", valid_utf8(realm)}};
    return result;
}

} // namespace

Json check_sarif(const std::vector<RealmReport>& reports, const std::string& folder) {
    Json results = Json::array();
    for (const auto& report : reports)
        for (const auto& finding : report.graph.findings)
            results.push_back(result_json(finding, report.realm, folder));
    Json driver{{"name", "dagmesh"},
                {"version", DAGMESH_VERSION},
                {"semanticVersion", DAGMESH_VERSION},
                {"rules", rules_json()}};
    Json run{{"tool", {{"driver", std::move(driver)}}},
             {"columnKind", "unicodeCodePoints"},
             {"results", std::move(results)}};
    return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs", Json::array({std::move(run)})}};
}

} // namespace nodes
