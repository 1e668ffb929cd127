#pragma once

#include "mesh/graph/finding.hpp"
#include "mesh/graph/graph_input.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <vector>

namespace mesh {

/// Judges the handlers that undo what others did (`compensates`). An undo handler leads to another
/// one when something that it emits reaches it, directly or over other handlers. That graph may
/// have no cycle (E007), and an undo handler may not trigger what it undoes (E008).
/// `whole` is the graph with the allowed emissions in it: an undo that comes back over an allowed
/// loop comes back.
std::vector<Finding> find_compensation_faults(const InnerGraph& whole, const GraphInput& input);

} // namespace mesh
