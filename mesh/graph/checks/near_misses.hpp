#pragma once

#include "mesh/graph/checks/declared_events.hpp"
#include "mesh/graph/finding.hpp"
#include "mesh/graph/graph_input.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <vector>

namespace mesh {

/// Looks for names that are probably misspelled (W005): a subscription that nobody feeds and that
/// is nearly the name of an event; an event that nobody handles and that is nearly the name of a
/// subscription; and a topic that `events` does not know while it knows one that nearly is it and
/// that nobody uses. Names that `events` holds are spelled as they are meant.
std::vector<Finding> find_near_misses(const InnerGraph& graph, const GraphInput& input,
                                      const DeclaredEvents& declared);

} // namespace mesh
