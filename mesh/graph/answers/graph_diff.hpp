#pragma once

#include "mesh/graph/answers/breaking.hpp"
#include "mesh/graph/answers/reach_diff.hpp"
#include "mesh/graph/finding.hpp"
#include "mesh/graph/graph_input.hpp"

#include <compare>
#include <string>
#include <vector>

namespace mesh {

/// What distinguishes the graph of one version from that of another.
struct GraphDiff {
    /// A part that only one of them has; the place is in that one.
    struct Part {
        enum class Kind { service, event, handler, subscription, emission, loop };

        Kind kind;
        std::string name;    ///< service, event, or SERVICE.HANDLER
        std::string pattern; ///< of a subscription, an emission, or an allowed loop edge
        Place place;
    };

    std::vector<Part> added; ///< in order of kind, then of name
    std::vector<Part> removed;

    /// Cycles of which the other version lacks a step; see `find_elementary_cycles`.
    std::vector<std::vector<WalkStep>> added_cycles;
    std::vector<std::vector<WalkStep>> removed_cycles;
    bool are_cycles_complete = true; ///< false: there may be more

    ReachDiff reach;
    Breaks breaks;

    bool is_empty() const;
};

/// How many cycles of each version are looked at.
inline constexpr std::size_t diff_cycles_max = 100;

/// Compares two versions. What stands in both is the same wherever it stands: lines may move.
GraphDiff diff_graphs(const GraphInput& before, const GraphInput& after);

} // namespace mesh
