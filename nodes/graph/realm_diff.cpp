#include "nodes/graph/realm_diff.hpp"

#include "nodes/check/graph_input.hpp"

#include <map>
#include <utility>

namespace nodes {

namespace {

using Kind = mesh::GraphDiff::Part::Kind;

Json part_json(const mesh::GraphDiff::Part& part) {
    Json json = Json::object();
    const bool is_handlers = part.kind >= Kind::handler;
    json[part.kind == Kind::service ? "service" : is_handlers ? "handler" : "event"] = part.name;
    if (!part.pattern.empty())
        json[part.kind == Kind::subscription ? "on" : "emits"] = part.pattern;
    if (part.place.line > 0)
        add_place(json, part.place);
    return json;
}

Json parts_json(const std::vector<mesh::GraphDiff::Part>& parts) {
    Json json{{"services", Json::array()},
              {"events", Json::array()},
              {"handlers", Json::array()},
              {"edges", Json::array()},
              {"loops", Json::array()}};
    for (const auto& part : parts) {
        const auto* list = part.kind == Kind::service   ? "services"
                           : part.kind == Kind::event   ? "events"
                           : part.kind == Kind::handler ? "handlers"
                           : part.kind == Kind::loop    ? "loops"
                                                        : "edges";
        json[list].push_back(part_json(part));
    }
    return json;
}

Json side_json(const std::vector<mesh::GraphDiff::Part>& parts,
               const std::vector<std::vector<mesh::WalkStep>>& cycles,
               const std::vector<mesh::ReachDiff::Pair>& reach, std::size_t reach_count) {
    auto json = parts_json(parts);
    json["cycles"] = Json::array();
    for (const auto& walk : cycles)
        json["cycles"].push_back(cycle_json(walk));
    json["reach"] = Json::array();
    for (const auto& [from, to] : reach)
        json["reach"].push_back({{"from", from}, {"to", to}});
    json["reach_count"] = reach_count;
    return json;
}

} // namespace

std::vector<RealmDiff> diff_realms(const mesh::ManifestSet& before,
                                   const mesh::ManifestSet& after) {
    std::map<std::string, std::pair<mesh::GraphInput, mesh::GraphInput>> versions;
    for (const auto& realm : before.realms)
        versions[realm.realm].first = graph_input(realm);
    for (const auto& realm : after.realms)
        versions[realm.realm].second = graph_input(realm);
    std::vector<RealmDiff> diffs;
    diffs.reserve(versions.size());
    for (const auto& [realm, inputs] : versions)
        diffs.push_back({realm, mesh::diff_graphs(inputs.first, inputs.second)});
    return diffs;
}

Json diff_json(const RealmDiff& diff) {
    const auto& graph = diff.graph;
    Json json{{"realm", diff.realm},
              {"added", side_json(graph.added, graph.added_cycles, graph.reach.added,
                                  graph.reach.added_count)},
              {"removed", side_json(graph.removed, graph.removed_cycles, graph.reach.removed,
                                    graph.reach.removed_count)},
              {"cycles_complete", graph.are_cycles_complete},
              {"reach_compared", graph.reach.is_compared}};
    Json breaks = Json::array();
    for (const auto& one : graph.breaks.listed) {
        Json broken{
            {"message", mesh::to_text(one)}, {"handler", one.handler}, {"event", one.event}};
        if (!one.field.empty())
            broken["field"] = one.field;
        add_place(broken, one.place);
        breaks.push_back(std::move(broken));
    }
    json["breaks"] = std::move(breaks);
    json["breaks_count"] = graph.breaks.count;
    return json;
}

int graph_diff(const mesh::ManifestSet& before, const mesh::ManifestSet& after, bool is_json,
               std::ostream& out) {
    const auto diffs = diff_realms(before, after);
    if (!is_json) {
        print_diff(diffs, out);
        return 0;
    }
    std::vector<Json> answers;
    answers.reserve(diffs.size());
    for (const auto& diff : diffs)
        answers.push_back(diff_json(diff));
    print_answers("diff", std::move(answers), out);
    return 0;
}

} // namespace nodes
