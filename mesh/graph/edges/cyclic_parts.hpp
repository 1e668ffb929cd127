#pragma once

#include "mesh/graph/digraph.hpp"

#include <cstddef>
#include <vector>

namespace mesh {

/// What is to be said of one group of names that reach each other.
struct CyclicPart {
    std::vector<Digraph::Edge> cycle; ///< the shortest, each edge leading to the next
    bool is_shortest;                 ///< false when the search was cut short
    std::vector<Digraph::Edge> cut;   ///< edges without which no cycle is left in the group
    bool is_cut_smallest;
    std::size_t size; ///< names in the group
};

struct CyclicParts {
    std::vector<CyclicPart> parts;

    /// What the peeling left, in an order in which every edge leads forward once all cuts are made:
    /// that it is complete proves the cuts.
    std::vector<Digraph::Vertex> order;
};

/// All groups of the graph, which has no self-loops; none when the peeling took everything away.
/// Bounded: where the work would be too much, `is_shortest` and `is_cut_smallest` are false.
CyclicParts cyclic_parts(const Digraph& graph, const Peeling& peeling);

} // namespace mesh
