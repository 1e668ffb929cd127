#pragma once

#include "mesh/graph/checks/declared_events.hpp"
#include "mesh/graph/finding.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <vector>

namespace mesh {

/// Looks for topics that several services publish or emit (W007): nobody knows who answers for
/// them. Exact topics only, since two patterns that intersect need not mean the same event; and not
/// those that come from outside (`entry`), where each service is only a door.
std::vector<Finding> find_several_owners(const InnerGraph& graph, const DeclaredEvents& declared);

} // namespace mesh
