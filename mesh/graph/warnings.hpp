#pragma once

#include "mesh/graph/finding.hpp"
#include "mesh/graph/graph_input.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <vector>

namespace mesh {

/// What is probably not meant, though no cycle: assumed `emits`, events that nobody handles,
/// subscriptions that nobody feeds.
std::vector<Finding> find_warnings(const InnerGraph& graph, const GraphInput& input);

} // namespace mesh
