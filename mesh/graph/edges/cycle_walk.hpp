#pragma once

#include "mesh/graph/digraph.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mesh {

/// How much work may still be done, counted in edges looked at.
struct WorkLeft {
    std::uint64_t edges;

    bool is_over() const { return edges == 0; }

    void spend(std::uint64_t count) { edges -= count < edges ? count : edges; }
};

/// Vertices that lead to each other, each to the next and the last to the first.
using Cycle = std::vector<Digraph::Vertex>;

/// Its edges: from the first vertex on.
std::vector<Digraph::Edge> edges_of(const Cycle& cycle);

/// Some cycle of what the peeling left, without a search: everything there has something there
/// before it, so going backward comes round. Asserts that something is left.
Cycle any_cycle(const Digraph& graph, const Peeling& peeling);

struct ShortestCycle {
    Cycle cycle;
    bool is_proven; ///< false when the search was cut short
};

/// The shortest of the cycles through any of the `starts`. There has to be one.
ShortestCycle shortest_cycle(const Digraph& graph, std::vector<Digraph::Vertex> starts,
                             WorkLeft& work);

} // namespace mesh
