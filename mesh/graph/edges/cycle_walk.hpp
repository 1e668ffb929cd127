#pragma once

#include "mesh/graph/digraph.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mesh {

/// How much work may still be done, counted in edges looked at.
struct WorkLeft {
    std::uint64_t edges;

    bool is_over() const { return edges == 0; }

    void spend(std::uint64_t count) { edges -= count < edges ? count : edges; }
};

/// The edges of the shortest cycle through `start`; empty when there is none of fewer than
/// `length_max`. Edges are numbered as in the graph.
std::vector<std::uint32_t> shortest_cycle_through(const Digraph& graph, Digraph::Vertex start,
                                                  std::size_t length_max, WorkLeft& work);

struct ShortestCycle {
    std::vector<std::uint32_t> edges; ///< each leads to the tail of the next, the last to the first
    bool is_proven;                   ///< false when the search was cut short
};

/// The shortest cycle of a strongly connected graph. Every cycle goes over an edge of the `cut`, so
/// it is enough to begin at the heads of those.
ShortestCycle shortest_cycle(const Digraph& graph, std::span<const Digraph::Edge> edges,
                             std::span<const std::uint32_t> cut, WorkLeft& work);

} // namespace mesh
