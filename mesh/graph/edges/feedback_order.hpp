#pragma once

#include "mesh/graph/digraph.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mesh {

/// A position for each vertex of a graph, so that few edges lead back to a smaller one (after
/// Eades, Lin and Smyth, "A fast and effective heuristic for the feedback arc set problem", 1993).
/// Linear in the size of the graph.
std::vector<std::uint32_t> feedback_order(const Digraph& graph,
                                          std::span<const Digraph::Edge> edges);

} // namespace mesh
