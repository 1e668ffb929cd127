#pragma once

#include "mesh/graph/digraph.hpp"

#include <span>

namespace bench {

/// Whether the headers of Boost.Graph were there when this was built.
bool has_boost_graph();

/// What Boost.Graph's compressed_sparse_row_graph takes on the same edges.
struct BoostPhases {
    double building_ms = 0;
    double sorting_ms = 0; ///< topological_sort
    double components_ms = 0;
};

BoostPhases boost_phases(std::size_t vertex_count, std::span<const mesh::Digraph::Edge> edges);

} // namespace bench
