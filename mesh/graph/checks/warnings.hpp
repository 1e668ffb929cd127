#pragma once

#include "mesh/graph/finding.hpp"
#include "mesh/graph/graph_input.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <vector>

namespace mesh {

/// What is probably not meant, though no cycle: assumed `emits` (W001), events that nobody handles
/// (W002), subscriptions that nobody feeds (W003), names that are nearly another one (W005), and
/// events of several services (W007).
std::vector<Finding> find_warnings(const InnerGraph& graph, const GraphInput& input);

} // namespace mesh
