#pragma once

#include "mesh/graph/inner_graph.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace mesh {

/// How deep events stand: an event that nothing in the mesh causes has level 0, any other one more
/// than the deepest event that causes it.
struct Levels {
    std::vector<std::vector<std::string>> events; ///< by level, in order of name
    std::size_t longest_chain = 0;                ///< events on the longest path
};

/// Events are the emitted patterns, the subscribed topics, and `named`. `is_removed` marks
/// emissions to leave out, so that what remains has no cycle.
Levels find_levels(const InnerGraph& graph, const std::vector<bool>& is_removed,
                   const std::vector<std::string>& named);

} // namespace mesh
