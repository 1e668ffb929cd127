#pragma once

#include "mesh/graph/answers/reach.hpp"
#include "mesh/graph/answers/worst_case.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace nodes {

/// What there is to say of the impact of an event, a handler or a service.
struct Impact {
    std::string name; ///< as asked
    bool is_event;
    mesh::Reach reach;
    mesh::WorstCase worst_case;
    std::vector<mesh::NarrowPoint> narrow_points;
};

void print_impact(const Impact& impact, std::ostream& out);

/// The same for what causes it.
void print_cause(const std::string& name, const mesh::Upstream& upstream, std::ostream& out);

} // namespace nodes
