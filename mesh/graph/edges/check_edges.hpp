#pragma once

#include "mesh/graph/check_graph.hpp"
#include "mesh/graph/edges/edge_list.hpp"

#include <cstddef>
#include <string>

namespace mesh {

/// Up to how many names the report of an edge list has levels: beyond, nobody reads them.
constexpr std::size_t edge_levels_names_max = 1000;

/// Checks an edge list for cycles: every group of names that reach each other, with the shortest
/// cycle and a cut, and every name that leads to itself. A name stands for an event and for the
/// handler that receives it, so it is both in the steps and cuts of the findings. A step's place is
/// the first line of its edge; a cut has an entry for every line of its edges.
/// Levels are of what the cuts leave. Beyond `edge_levels_names_max` names there are none, and the
/// longest chain is then, if there are cycles, of the names that no cycle leads to.
/// Pure. `file` is what places say. The same text gives the same report.
GraphReport check_edges(const EdgeList& list, const std::string& file);

} // namespace mesh
