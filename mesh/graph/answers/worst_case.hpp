#pragma once

#include "mesh/graph/answers/causal_graph.hpp"
#include "mesh/graph/answers/selection.hpp"
#include "mesh/graph/finding.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

/// How much one event can set going at most. Each handler that runs counts as emitting each of its
/// events once. Allowed loop edges are left out: their rounds are bounded by themselves.
struct WorstCase {
    static constexpr auto runs_max = std::numeric_limits<std::uint64_t>::max();

    /// How many handlers run in all, a handler that is reached on several ways each time;
    /// `runs_max` means that many or more. Nothing when a cycle lies downstream: then there is no
    /// bound. Nothing for a service, which is no event.
    std::optional<std::uint64_t> runs;

    /// The walk that emits the most events. Nothing when a cycle lies downstream.
    std::optional<std::vector<WalkStep>> longest_chain;
};

WorstCase find_worst_case(const CausalGraph& graph, const Selection& from);

/// A handler that stands alone in the way.
struct NarrowPoint {
    std::string handler; ///< SERVICE.HANDLER
    Place place;
    std::size_t event_count; ///< events downstream that every way to passes this handler
};

/// The handlers without which most would not happen: those with two events or more, largest
/// count first, then in order of name.
std::vector<NarrowPoint> find_narrow_points(const CausalGraph& graph, const Selection& from);

} // namespace mesh
