#pragma once

#include "nodes/bench/side_by_side.hpp"

#include <string>
#include <vector>

namespace nodes {

/// The comparison as a picture: bars of what arrives a second, or of the median latency, beside the
/// reference's, with the extremes of the rounds. Equal results are equal bytes, and nothing has to
/// be loaded to look at it.
std::string plot_svg(const std::vector<MatchResult>& results);

} // namespace nodes
