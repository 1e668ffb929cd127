#pragma once

#include "nodes/draw/layout.hpp"

#include <vector>

namespace nodes {

/// Which edges are routed around the boxes: the shortest first, as many as the time allows, and
/// none within a column.
std::vector<bool> choose_routed(const LayoutTask& task);

/// A plain curve from box to box: forward from side to side, back in an arc above, within a column
/// in an arc beside it, and for a self-loop a small ear.
std::vector<Point> plain_curve(const LayoutTask& task, const Layout& layout,
                               const LayoutTask::Edge& edge);

} // namespace nodes
