#pragma once

#include "mesh/graph/edges/edge_groups.hpp"

#include <cstddef>
#include <vector>

namespace mesh {

/// Largest group of which the smallest cut is found by trying all orders.
constexpr std::size_t smallest_cut_members_max = 20;

/// The smallest set of edges that holds an edge of every cycle, ascending. Takes 2^n n steps and
/// 3 * 2^n bytes for n members, at most `smallest_cut_members_max`.
std::vector<Digraph::Edge> smallest_cut(const EdgeGroup& group);

} // namespace mesh
