#include "nodes/graph/asked_realm.hpp"

#include "nodes/check/graph_input.hpp"

#include <optional>
#include <utility>

namespace nodes {

mesh::Result<std::vector<AskedRealm>> ask_realms(const mesh::ManifestSet& set,
                                                 const std::vector<std::string>& names) {
    std::vector<AskedRealm> asked;
    std::optional<mesh::Error> error;
    for (const auto& realm : set.realms) {
        AskedRealm one{realm.realm, mesh::CausalGraph(graph_input(realm)), {}};
        for (const auto& name : names) {
            auto selection = mesh::select(one.graph, name);
            if (selection) {
                one.selections.push_back(std::move(*selection));
                continue;
            }
            // Of several realms the one that can suggest something speaks.
            if (!error || selection.error().detail.size() > error->detail.size())
                error = std::move(selection.error());
            break;
        }
        if (one.selections.size() == names.size())
            asked.push_back(std::move(one));
    }
    if (asked.empty())
        return tl::unexpected(
            error.value_or(mesh::Error{mesh::ErrorCode::invalid, "there is no realm to ask"}));
    return asked;
}

} // namespace nodes
