#pragma once

#include "nodes/check/check.hpp"

#include <iosfwd>
#include <vector>

namespace nodes {

/// The reports for people: each finding, cycles as a walk in which an arrow means "causes", and a
/// line that sums up. ASCII but for names; the same input gives the same bytes.
/// In the view of handlers a walk goes from handler to handler, else from event to event.
void print_check(const std::vector<RealmReport>& reports, View view, bool use_colour,
                 std::ostream& out);

} // namespace nodes
