#pragma once

#include "mesh/graph/edges/cycle_walk.hpp"
#include "mesh/graph/edges/edge_groups.hpp"

#include <vector>

namespace mesh {

/// Edges of a group whose removal leaves no cycle in it.
struct GroupCut {
    std::vector<Digraph::Edge> edges; ///< ascending
    bool is_smallest;                 ///< no smaller set does it
};

/// Finds a cut. One of a single edge is always found when there is one, of equal ones the one that
/// stands on the fewest lines. In a group of up to 20 names the cut is the smallest, while the work
/// lasts; in a larger one it is minimal (putting any one edge back closes a cycle), and in a huge
/// one it only holds.
GroupCut cut_group(const EdgeGroup& group, WorkLeft& work);

} // namespace mesh
