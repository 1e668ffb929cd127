#pragma once

#include "mesh/graph/cycle_search.hpp"
#include "mesh/graph/groups.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <vector>

namespace mesh {

/// Emissions whose removal leaves no cycle of two handlers or more in a group.
struct Cut {
    std::vector<InnerGraph::Index> emissions; ///< ascending
    bool is_smallest;                         ///< proven by trying all smaller sets
};

/// Finds a cut of `group`, checked by searching again without it. Where the work allows it, it is
/// the smallest there is; in larger groups it is minimal (putting any single emission back closes
/// a cycle), and in huge ones it only holds.
Cut find_cut(const InnerGraph& graph, const Group& group, CycleSearch& search);

} // namespace mesh
