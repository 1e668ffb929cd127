#pragma once

#include "mesh/graph/answers/causal_graph.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace mesh {

/// Which events may cause which in one graph and not in the other, over any number of handlers.
struct ReachDiff {
    using Pair = std::pair<std::string, std::string>; ///< cause, effect

    std::vector<Pair> added; ///< the first `reach_listed_max`, in order
    std::vector<Pair> removed;
    std::size_t added_count = 0;
    std::size_t removed_count = 0;

    /// False when the graphs are too large to compare all pairs; then nothing is listed.
    bool is_compared = true;
};

inline constexpr std::size_t reach_listed_max = 100;

/// Compares all pairs of events, a block of effects at a time: memory is bounded, and so is the
/// work; graphs of 10,000 events take well under a second. Allowed loop edges are causes too.
ReachDiff diff_reach(const CausalGraph& before, const CausalGraph& after);

} // namespace mesh
