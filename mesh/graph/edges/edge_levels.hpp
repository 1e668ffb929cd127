#pragma once

#include "mesh/graph/digraph.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mesh {

/// How deep each name stands: behind the deepest one that leads to it, without the edges in
/// `removed`, which together leave no cycle. Asserts that they do.
/// `peeling` is of the whole graph; what it has taken away is not looked at again.
std::vector<std::uint32_t> edge_levels(const Digraph& graph, const Peeling& peeling,
                                       std::span<const Digraph::Edge> removed);

} // namespace mesh
