#pragma once

#include "mesh/graph/digraph.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mesh {

/// How deep each name stands: behind the deepest one that leads to it, without the edges in
/// `removed`. `peeling` is of the whole graph, `order` what it takes away without the removed
/// edges: all the rest.
std::vector<std::uint32_t> edge_levels(const Digraph& graph, const Peeling& peeling,
                                       std::span<const Digraph::Vertex> order,
                                       std::span<const Digraph::Edge> removed);

} // namespace mesh
