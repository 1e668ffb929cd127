#pragma once

#include "mesh/graph/finding.hpp"
#include "mesh/graph/graph_input.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <cstddef>
#include <vector>

namespace mesh {

/// How much the check may cost: topics and entries of `events` looked at. Two million take about
/// two seconds (measured 2026-11).
inline constexpr std::size_t weaker_emits_cost_max = 2'000'000;

/// Finds where a promise ends (W010): a handler that listens to an event of level `durable` or
/// `once`, or remembers it, and emits one of a lower level that is not `terminal`. One finding for
/// each handler and what it emits, at the emission. Of a pattern all topics count, emitted by
/// somebody or not; only levels that `events` names are known, not those that a publish asks for.
/// `whole` is the graph with the allowed emissions in it. Beyond `cost_max` one more finding says
/// how many handlers were not looked at.
std::vector<Finding> find_weaker_emits(const InnerGraph& whole, const GraphInput& input,
                                       std::size_t cost_max = weaker_emits_cost_max);

} // namespace mesh
