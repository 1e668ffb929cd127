#include "nodes/check/graph_input.hpp"

namespace nodes {

mesh::GraphInput graph_input(const mesh::RealmManifest& realm) {
    mesh::GraphInput input;
    for (const auto& service : realm.services) {
        mesh::DeclaredContract declared{service.contract, {}};
        declared.places.service = service.place;
        declared.places.publishes = service.publishes_places;
        for (const auto& handler : service.handlers)
            declared.places.handlers.push_back(
                {handler.place, handler.on_places, handler.emits_places, handler.after_places});
        for (const auto& loop : service.loops)
            declared.places.loops.push_back(loop.place);
        input.contracts.push_back(std::move(declared));
    }
    for (const auto& event : realm.events) {
        input.events.push_back({event.name, event.is_entry, event.is_terminal, event.place});
        for (const auto& field : event.fields)
            input.events.back().fields.push_back({field.name, field.type});
    }
    return input;
}

} // namespace nodes
