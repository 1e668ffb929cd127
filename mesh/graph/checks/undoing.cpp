#include "mesh/graph/checks/undoing.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>

namespace mesh {

namespace {

bool undoes_something(const DeclaredContract& declared) {
    return std::ranges::any_of(declared.handlers, [](const HandlerDetails& handler) {
        return !handler.compensates.empty();
    });
}

} // namespace

Undoing undo_handlers(const InnerGraph& graph, const GraphInput& input) {
    if (std::ranges::none_of(input.contracts, undoes_something))
        return {};
    std::set<std::string> labels;
    for (const auto& handler : graph.handlers())
        labels.insert(handler.label());
    Undoing undoing;
    for (const auto& declared : input.contracts) {
        const auto& contract = declared.contract;
        const auto count = std::min(contract.handlers.size(), declared.handlers.size());
        for (std::size_t h = 0; h < count; ++h) {
            const auto& names = declared.handlers[h].compensates;
            for (std::size_t i = 0; i < names.size(); ++i) {
                // A name of the own service wins.
                const auto own = contract.service + "." + names[i];
                Undone undone{labels.contains(own) ? own : names[i], {}};
                if (h < declared.places.handlers.size() &&
                    i < declared.places.handlers[h].compensates.size())
                    undone.place = declared.places.handlers[h].compensates[i];
                for (const auto handler :
                     graph.handlers_named(contract.service, contract.handlers[h].name))
                    undoing[handler].insert(undone);
            }
        }
    }
    return undoing;
}

} // namespace mesh
