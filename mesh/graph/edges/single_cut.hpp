#pragma once

#include "mesh/graph/digraph.hpp"
#include "mesh/graph/edges/cycle_walk.hpp"

#include <vector>

namespace mesh {

/// The edges that lie on every cycle of a graph: without any one of them there is none. Found in
/// linear time, so a single new edge that closes cycles in a huge graph is named for certain.
/// `cycle` is any cycle of the graph, `peeling` the graph's.
std::vector<Digraph::Edge> single_cuts(const Digraph& graph, const Peeling& peeling,
                                       const Cycle& cycle);

} // namespace mesh
