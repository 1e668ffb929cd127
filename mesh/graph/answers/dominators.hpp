#pragma once

#include "mesh/graph/digraph.hpp"

#include <vector>

namespace mesh {

/// For each vertex the last other one that every way from `root` to it passes; the vertex itself
/// for the root and for vertices that it does not reach. Lengauer and Tarjan's algorithm, simple
/// form (https://doi.org/10.1145/357062.357071): m log n steps, iterative.
std::vector<Digraph::Vertex> immediate_dominators(const Digraph& graph, Digraph::Vertex root);

} // namespace mesh
