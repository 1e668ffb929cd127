#pragma once

#include "mesh/graph/finding.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <cstddef>
#include <vector>

namespace mesh {

/// Cycles in which no handler and no emitted event stands twice.
struct ElementaryCycles {
    /// Shortest first, then in order of names; each begins with its smallest event. Two cycles
    /// that differ only in the subscription which receives an event are one.
    std::vector<std::vector<WalkStep>> cycles;

    /// There are no others. False when a bound was reached; then every handler that lies on a
    /// cycle, or one that it causes and that causes it, still shows one, as far as `count_max`
    /// leaves room.
    bool is_complete = true;
};

/// How much the search of cycles may look at. A number of steps, not a time, so that the same
/// graph gives the same cycles on every machine; a second or two on a desktop of 2020.
inline constexpr std::size_t cycle_search_steps_max = 100'000'000;

/// Lists at most `count_max` cycles of the graph, shortest first; there may be exponentially many.
ElementaryCycles find_elementary_cycles(const InnerGraph& graph, std::size_t count_max,
                                        std::size_t steps_max = cycle_search_steps_max);

} // namespace mesh
