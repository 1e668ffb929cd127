#pragma once

#include "nodes/draw/picture.hpp"

#include <string>

namespace nodes {

/// A row of what the signs in this picture mean, only of those that occur. `prefix` is that of the
/// picture's ids.
std::string svg_legend(const Picture& picture, const std::string& prefix, double x, double y);

/// The x of a proposed cut, in a circle.
std::string svg_cross(double x, double y);

} // namespace nodes
