#pragma once

#include "mesh/graph/edges/edge_reader.hpp"

#include <string>

namespace nodes {

/// The edge list of a file as the checker reads it. Throws std::runtime_error.
mesh::EdgeList read_edges(const std::string& path);

} // namespace nodes
