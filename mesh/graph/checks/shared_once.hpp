#pragma once

#include "mesh/graph/finding.hpp"
#include "mesh/graph/graph_input.hpp"

#include <cstddef>
#include <vector>

namespace mesh {

/// As `weaker_emits_cost_max`.
inline constexpr std::size_t shared_once_cost_max = 2'000'000;

/// Finds handlers that get events of level `once` and share them among replicas (W008): a replica
/// that takes over does not know what the one before it had committed, so an event can be handled
/// twice. One finding a handler, at its name. Only levels that `events` names are known. Beyond
/// `cost_max` topics and entries looked at, one more finding says where it ended.
std::vector<Finding> find_shared_once(const GraphInput& input,
                                      std::size_t cost_max = shared_once_cost_max);

} // namespace mesh
