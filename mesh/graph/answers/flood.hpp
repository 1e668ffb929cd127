#pragma once

#include "mesh/graph/digraph.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace mesh {

/// What is reached from some vertices, level by level. Of several ways it takes the first in order
/// of vertices, so equal graphs give equal trees.
struct Flood {
    static constexpr auto none = std::numeric_limits<Digraph::Vertex>::max();

    std::vector<Digraph::Vertex> order;  ///< reached vertices, nearest first
    std::vector<Digraph::Vertex> parent; ///< by vertex; `none` for a start
    std::vector<std::uint32_t> weight;   ///< by vertex: see `flood`
    std::vector<bool> is_reached;        ///< by vertex

    /// The vertices from a start to `vertex`, both included.
    std::vector<Digraph::Vertex> way_to(Digraph::Vertex vertex) const;
};

/// Searches breadth first from `starts`. `weight` counts, on the way to a vertex and including it,
/// the vertices below `counted`: with the graph's handlers first, how many of them run.
Flood flood(const Digraph& graph, std::span<const Digraph::Vertex> starts, Digraph::Vertex counted);

} // namespace mesh
