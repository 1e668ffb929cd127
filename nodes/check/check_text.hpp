#pragma once

#include "nodes/check/check.hpp"

#include <iosfwd>
#include <vector>

namespace nodes {

/// The reports for people: each finding, cycles as a walk in which an arrow means "causes", and a
/// line that sums up. ASCII but for names; the same input gives the same bytes.
void print_check(const std::vector<RealmReport>& reports, bool use_colour, std::ostream& out);

} // namespace nodes
