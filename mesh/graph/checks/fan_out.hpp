#pragma once

#include "mesh/event/pattern.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace mesh {

/// The topic of some pattern that most handlers listen to.
struct FanOut {
    std::string topic;                            ///< with `*` where any token does
    std::vector<InnerGraph::Index> subscriptions; ///< to it, in order of handler
    std::size_t handler_count = 0;
    bool is_widest = true; ///< false when there were too many topics to try
};

/// Looks through the topics of `within` for the one that goes to most handlers; a handler with
/// several subscriptions to it counts once. Topics matter, not who emits them.
/// After `fan_out_steps_max` steps it gives up and returns the widest so far: patterns with many
/// wildcards have more combinations than anybody can try.
FanOut widest_fan_out(const InnerGraph& graph, const Pattern& within);

inline constexpr std::size_t fan_out_steps_max = 20'000'000;

} // namespace mesh
