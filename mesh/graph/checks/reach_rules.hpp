#pragma once

#include "mesh/graph/finding.hpp"
#include "mesh/graph/graph_input.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <vector>

namespace mesh {

/// Looks for broken rules of `must_not_reach` (E003): one finding for each forbidden event that is
/// caused, nearest first, with a shortest walk to it; at most `unwanted_max` of one rule.
/// Patterns count by what they have in common, whether or not somebody emits it today.
/// `whole` is the graph with the allowed emissions in it.
std::vector<Finding> find_unwanted_reach(const InnerGraph& whole, const GraphInput& input);

inline constexpr std::size_t unwanted_max = 100;

} // namespace mesh
