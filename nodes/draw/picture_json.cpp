#include "nodes/draw/picture_json.hpp"

namespace nodes {

namespace {

using Json = nlohmann::ordered_json;

Json place_json(const mesh::Place& place) {
    return {{"file", place.file}, {"line", place.line}, {"column", place.column}};
}

Json node_json(const Picture::Node& node) {
    Json json{{"name", node.name}, {"level", node.level}};
    json.update(place_json(node.place));
    json["entry"] = node.is_entry;
    json["on_cycle"] = node.is_on_cycle;
    if (node.group)
        json["group"] = *node.group;
    return json;
}

Json edge_json(const Picture& picture, const Picture::Edge& edge) {
    Json by = Json::array();
    for (const auto& via : edge.vias)
        by.push_back({{"name", via.name},
                      {"from", place_json(via.from_place)},
                      {"to", place_json(via.to_place)},
                      {"wildcard", via.is_wild}});
    Json json{{"from", picture.nodes[edge.from].name},
              {"to", picture.nodes[edge.to].name},
              {"count", edge.via_count},
              {"by", std::move(by)}};
    if (edge.is_cut)
        json["cut"] = true;
    if (edge.rounds_max)
        json["max_rounds"] = *edge.rounds_max;
    return json;
}

Json cycle_json(const Picture& picture, const Picture::Cycle& cycle) {
    Json nodes = Json::array();
    for (const auto& step : cycle.steps)
        if (step.from)
            nodes.push_back(picture.nodes[*step.from].name);
    return {{"code", cycle.code}, {"nodes", std::move(nodes)}};
}

Json graph_json(const Picture& picture) {
    Json json{{"title", picture.title}, {"view", to_text(picture.view)}};
    json["nodes"] = Json::array();
    for (const auto& node : picture.nodes)
        json["nodes"].push_back(node_json(node));
    json["edges"] = Json::array();
    for (const auto& edge : picture.edges)
        json["edges"].push_back(edge_json(picture, edge));
    json["levels"] = Json::array();
    for (const auto& level : picture.levels) {
        Json names = Json::array();
        for (const auto node : level)
            names.push_back(picture.nodes[node].name);
        json["levels"].push_back(std::move(names));
    }
    json["cycles"] = Json::array();
    for (const auto& cycle : picture.cycles)
        json["cycles"].push_back(cycle_json(picture, cycle));
    json["notes"] = picture.notes;
    return json;
}

} // namespace

Json picture_json(std::span<const Picture> pictures) {
    Json json{{"version", 1}};
    if (pictures.size() == 1) {
        json.update(graph_json(pictures.front()));
        return json;
    }
    json["graphs"] = Json::array();
    for (const auto& picture : pictures)
        json["graphs"].push_back(graph_json(picture));
    return json;
}

} // namespace nodes
