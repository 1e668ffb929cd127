#include "nodes/check/graph_input.hpp"

namespace nodes {

mesh::GraphInput graph_input(const mesh::RealmManifest& realm) {
    mesh::GraphInput input;
    for (const auto& service : realm.services) {
        mesh::DeclaredContract declared{service.contract, {}};
        declared.places.service = service.place;
        declared.places.publishes = service.publishes_places;
        for (const auto& handler : service.handlers) {
            declared.places.handlers.push_back({handler.place, handler.on_places,
                                                handler.emits_places, handler.after_places,
                                                handler.compensates_places});
            const bool is_shared =
                service.replicas > 1 && !handler.every && handler.group == mesh::GroupMode::share;
            declared.handlers.push_back(
                {handler.policy == mesh::Policy::block, handler.compensates, is_shared});
        }
        for (const auto& loop : service.loops) {
            declared.places.loops.push_back(loop.place);
            declared.loops_until.push_back(mesh::parse_date(loop.until));
        }
        input.contracts.push_back(std::move(declared));
    }
    for (const auto& event : realm.events) {
        input.events.push_back({event.name, event.is_entry, event.is_terminal, event.place});
        input.events.back().level = event.level;
        for (const auto& field : event.fields)
            input.events.back().fields.push_back({field.name, field.type});
    }
    for (const auto& rule : realm.rules) {
        if (rule.from && rule.must_not_reach)
            input.reach_rules.push_back({*rule.from, *rule.must_not_reach, rule.place});
        if (rule.event && rule.max_fan_out)
            input.fan_out_rules.push_back({*rule.event, *rule.max_fan_out, rule.place});
    }
    return input;
}

} // namespace nodes
