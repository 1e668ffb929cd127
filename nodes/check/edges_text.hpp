#pragma once

#include "mesh/graph/check_graph.hpp"

#include <iosfwd>

namespace nodes {

/// The report of an edge list for people: each finding, cycles as a walk, and a line that sums up.
/// A very long cycle is shown by its ends. Control characters in names are shown as `?`; the same
/// report gives the same bytes.
void print_edge_check(const mesh::GraphReport& report, bool use_colour, std::ostream& out);

} // namespace nodes
