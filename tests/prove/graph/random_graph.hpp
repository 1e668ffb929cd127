#pragma once

#include "mesh/graph/graph_input.hpp"

#include <cstdint>

namespace prove_graph {

struct RandomGraph {
    mesh::GraphInput input;
    bool has_patterns;
};

/// A small graph that depends on the seed only: up to four services with up to seven handlers, with
/// self-loops, parallel edges, allowed loops, compensations, rules and, in half of the graphs,
/// wildcards or levels. Every place is different.
RandomGraph random_graph(std::uint64_t seed);

/// The same graph with every list in another order.
mesh::GraphInput shuffled(mesh::GraphInput input, std::uint64_t seed);

} // namespace prove_graph
