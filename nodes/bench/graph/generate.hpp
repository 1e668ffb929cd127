#pragma once

#include "mesh/graph/digraph.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nodes {

/// The shapes of graphs that the rows are about.
enum class GraphShape {
    layered,  ///< 64 layers, each edge one to three layers on; four edges a name
    power,    ///< popular names on both ends, oriented by a random order; four edges a name
    chain,    ///< one name after the other
    star,     ///< one name in the middle, half of the others before it
    complete, ///< every name leads to all later ones
};

std::string name_of(GraphShape shape);

/// Throws std::invalid_argument for what is none.
GraphShape graph_shape_of(const std::string& name);

/// Edges of an acyclic graph of that shape in no order, names numbered at random. The same seed
/// gives the same graph. With `has_cycle` one more edge closes a walk of at most twelve edges.
std::vector<mesh::Digraph::Edge> generate(GraphShape shape, std::size_t edge_count, bool has_cycle,
                                          std::uint64_t seed);

/// Writes them as text, `e12 e7` a line. Throws std::runtime_error.
void write_edges(const std::vector<mesh::Digraph::Edge>& edges, const std::string& path);

/// Writes a manifest of one service whose `handler_count` handlers are a chain, the last one
/// closing a ring when `is_ring`. Throws std::runtime_error.
void write_chain_manifest(std::size_t handler_count, bool is_ring, const std::string& path);

} // namespace nodes
