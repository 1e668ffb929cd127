#pragma once

#include "mesh/graph/graph_input.hpp"

#include <string>
#include <vector>

namespace mesh {

/// The services in the order in which to start them: who handles an event before who publishes
/// it, so that nobody publishes to nobody. Services that feed each other, and those that do not
/// care, come in order of name.
std::vector<std::string> start_order(const GraphInput& input);

} // namespace mesh
