#pragma once

#include "mesh/graph/finding.hpp"
#include "mesh/graph/graph_input.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <cstddef>
#include <vector>

namespace mesh {

/// How much the check may cost: visits in all searches, and for a finding what it takes to write
/// it down.
inline constexpr std::size_t undo_order_cost_max = 20'000'000;

/// Judges in which order steps are undone (W009). A step is a handler that some handler undoes
/// (`compensates`) and that undoes nothing itself; the next step is one that it causes, directly or
/// over handlers that are neither steps nor undo handlers. What undoes the next step has to lead to
/// what undoes the step, or be the same handler: one finding for each pair of steps where it does
/// not. Steps that cause each other have no order.
/// `graph` is the one without allowed loops, by which steps follow each other; `whole` has them,
/// and an undo leads to another one over them too. Beyond `cost_max` one more finding says how many
/// steps were not looked at.
std::vector<Finding> find_undo_disorder(const InnerGraph& graph, const InnerGraph& whole,
                                        const GraphInput& input,
                                        std::size_t cost_max = undo_order_cost_max);

} // namespace mesh
