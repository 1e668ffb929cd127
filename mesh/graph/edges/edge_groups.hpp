#pragma once

#include "mesh/graph/digraph.hpp"

#include <cstdint>
#include <vector>

namespace mesh {

/// Names of an edge list that reach each other, two or more, and what is between them. Vertices are
/// places in `members`; each edge is there once, in the order of the graph; self-loops are not.
struct EdgeGroup {
    std::vector<Digraph::Vertex> members; ///< numbers of names, ascending
    std::vector<Digraph::Edge> edges;
    std::vector<std::uint32_t> lines; ///< how often each edge stands in the list
    Digraph graph;                    ///< of `edges`
};

/// The groups of what the peeling left of the graph, in order of their first members.
std::vector<EdgeGroup> edge_groups(const Digraph& graph, const Peeling& peeling);

} // namespace mesh
