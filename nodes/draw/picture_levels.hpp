#pragma once

#include "nodes/draw/picture.hpp"

#include <string>
#include <vector>

namespace nodes {

/// Gives every node its level: 0 when nothing in the picture causes it, else one more than the
/// deepest that does. Edges to be cut and allowed loops do not count; nodes that still cause each
/// other (a fold may look so) share a level. Fills `levels`.
void set_levels(Picture& picture);

/// The same from levels that are known by name; a node that is not among them has level 0.
void set_levels(const std::vector<std::vector<std::string>>& by_level, Picture& picture);

/// Numbers the groups of nodes that cause each other, in order of their first nodes.
void set_groups(Picture& picture);

} // namespace nodes
