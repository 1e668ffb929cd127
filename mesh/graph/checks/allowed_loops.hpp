#pragma once

#include "mesh/graph/finding.hpp"
#include "mesh/graph/graph_input.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <optional>
#include <vector>

namespace mesh {

/// Judges the loops that contracts allow: one that lies on no cycle (E005), one that is past its
/// last day (E006, when `today` is given), and a handler that holds up its publishers although it
/// receives what a loop feeds back (E009): waits would follow the cycle and could close.
/// `whole` is the graph with the allowed emissions in it.
std::vector<Finding> find_loop_faults(const InnerGraph& whole, const GraphInput& input,
                                      std::optional<Date> today);

} // namespace mesh
