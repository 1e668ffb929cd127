#pragma once

#include "mesh/graph/edges/edge_list.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace mesh {

/// Where each of the wanted edges stands in the list, every line of it, in order. One pass over the
/// list, for when findings are printed.
std::map<Digraph::Edge, std::vector<TextPosition>>
edge_lines(const EdgeList& list, std::span<const Digraph::Edge> wanted);

} // namespace mesh
