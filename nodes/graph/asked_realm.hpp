#pragma once

#include "mesh/graph/answers/causal_graph.hpp"
#include "mesh/graph/answers/selection.hpp"
#include "mesh/manifest/read.hpp"

#include <string>
#include <vector>

namespace nodes {

/// A realm that knows what a question is about.
struct AskedRealm {
    std::string realm; ///< as its manifests name it, may be empty
    mesh::CausalGraph graph;
    std::vector<mesh::Selection> selections; ///< one a name
};

/// The realms of the set in which all names mean something; see `mesh::select`.
/// Errors: `invalid`, with a suggestion, when there is none.
mesh::Result<std::vector<AskedRealm>> ask_realms(const mesh::ManifestSet& set,
                                                 const std::vector<std::string>& names);

} // namespace nodes
