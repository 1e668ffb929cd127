#include "nodes/check/check_json.hpp"

#include "nodes/check/walk_json.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace nodes {

namespace {

Json cut_json(const std::vector<mesh::CutEdge>& cut) {
    Json all = Json::array();
    for (const auto& edge : cut) {
        Json one{{"handler", edge.handler}, {"emits", edge.emits}};
        add_place(one, edge.place);
        all.push_back(std::move(one));
    }
    return all;
}

Json places_json(const std::vector<mesh::NotedPlace>& places) {
    Json all = Json::array();
    for (const auto& noted : places) {
        Json one{{"note", noted.note}};
        add_place(one, noted.place);
        all.push_back(std::move(one));
    }
    return all;
}

Json finding_json(const mesh::Finding& finding) {
    const bool is_error = finding.severity == mesh::Severity::error;
    Json json{{"code", finding.code},
              {"name", finding.name},
              {"severity", is_error ? "error" : "warning"},
              {"message", finding.message}};
    add_place(json, finding.place);
    if (!finding.cycle.empty())
        json["cycle"] = cycle_json(finding.cycle);
    if (!finding.path.empty())
        json["path"] = path_json(finding.path);
    if (!finding.places.empty())
        json["places"] = places_json(finding.places);
    if (!finding.cut.empty())
        json["cut"] = cut_json(finding.cut);
    return json;
}

struct Sum {
    mesh::GraphReport::Counts counts;
    std::size_t errors = 0;
    std::size_t warnings = 0;
    std::size_t longest_chain = 0;
    bool is_acyclic = true;
    std::vector<std::vector<std::string>> levels;
    Json findings = Json::array();

    void add(const RealmReport& report, bool name_realm) {
        const auto& graph = report.graph;
        counts.services += graph.counts.services;
        counts.events += graph.counts.events;
        counts.handlers += graph.counts.handlers;
        counts.edges += graph.counts.edges;
        longest_chain = std::max(longest_chain, graph.longest_chain);
        is_acyclic = is_acyclic && graph.is_acyclic;
        levels.resize(std::max(levels.size(), graph.levels.size()));
        for (std::size_t i = 0; i < graph.levels.size(); ++i) {
            levels[i].insert(levels[i].end(), graph.levels[i].begin(), graph.levels[i].end());
            std::ranges::sort(levels[i]);
        }
        for (const auto& finding : graph.findings) {
            ++(finding.severity == mesh::Severity::error ? errors : warnings);
            auto json = finding_json(finding);
            if (name_realm)
                json["realm"] = report.realm;
            findings.push_back(std::move(json));
        }
    }

    void write(Json& into) {
        into["acyclic"] = is_acyclic;
        into["counts"] = {
            {"services", counts.services}, {"events", counts.events}, {"handlers", counts.handlers},
            {"edges", counts.edges},       {"errors", errors},        {"warnings", warnings}};
        into["longest_chain"] = longest_chain;
        into["levels"] = levels;
        into["findings"] = std::move(findings);
    }
};

} // namespace

nlohmann::ordered_json check_json(const std::vector<RealmReport>& reports) {
    const bool has_realms = reports.size() > 1;
    Json json{{"version", 1}};
    Sum all;
    Json realms = Json::array();
    for (const auto& report : reports) {
        all.add(report, has_realms);
        Sum alone;
        alone.add(report, false);
        Json one{{"realm", report.realm}};
        alone.write(one);
        realms.push_back(std::move(one));
    }
    all.write(json);
    if (has_realms)
        json["realms"] = std::move(realms);
    return json;
}

} // namespace nodes
