#pragma once

#include "mesh/graph/finding.hpp"
#include "mesh/graph/graph_input.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <vector>

namespace mesh {

/// Looks for broken rules of `max_fan_out` (E004): a topic of the rule's event that goes to more
/// handlers. Handlers that it triggers directly count, replicas do not. Its places are where they
/// listen.
std::vector<Finding> find_wide_fan_out(const InnerGraph& graph, const GraphInput& input);

} // namespace mesh
