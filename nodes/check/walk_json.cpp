#include "nodes/check/walk_json.hpp"

#include <utility>

namespace nodes {

void add_place(Json& into, const mesh::Place& place) {
    into["file"] = place.file;
    into["line"] = place.line;
    into["column"] = place.column;
}

Json steps_json(const std::vector<mesh::WalkStep>& walk) {
    Json steps = Json::array();
    for (const auto& step : walk) {
        Json one = Json::object();
        if (!step.event.empty())
            one["event"] = step.event;
        one["handler"] = step.handler;
        if (!step.emits.empty()) {
            one["emits"] = step.emits;
            add_place(one, step.emits_place);
        }
        if (!step.on.empty()) {
            Json on{{"pattern", step.on}};
            if (!step.receiver.empty())
                on["handler"] = step.receiver;
            add_place(on, step.on_place);
            one["on"] = std::move(on);
        }
        steps.push_back(std::move(one));
    }
    return steps;
}

Json cycle_json(const std::vector<mesh::WalkStep>& walk) {
    Json events = Json::array();
    for (const auto& step : walk)
        events.push_back(step.event);
    return {{"events", std::move(events)}, {"steps", steps_json(walk)}};
}

Json path_json(const std::vector<mesh::WalkStep>& walk) {
    auto json = cycle_json(walk);
    json["events"].push_back(walk.back().emits);
    return json;
}

} // namespace nodes
