#pragma once

#include "mesh/graph/finding.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <vector>

namespace mesh {

/// Services that lead back to themselves although no event does (W006): one finding for each group
/// of services that reach each other, with a shortest walk. A group is left out when an event
/// cycle already goes through two of its services, because that one has to be mended first.
/// `has_single` also tells of single services that listen to what they emit, unless an event cycle
/// inside them explains it.
std::vector<Finding> find_service_cycles(const InnerGraph& graph, const GraphInput& input,
                                         bool has_single);

} // namespace mesh
