#pragma once

#include "mesh/graph/edges/edge_groups.hpp"

#include <cstdint>
#include <vector>

namespace mesh {

/// The edges that lie on every cycle of the group: taking away any one of them leaves none. Found
/// in linear time, so a single new edge that closes cycles in a huge graph is named for certain.
/// `cycle` is any cycle of the group, as numbers of edges.
std::vector<std::uint32_t> single_cuts(const EdgeGroup& group,
                                       const std::vector<std::uint32_t>& cycle);

} // namespace mesh
