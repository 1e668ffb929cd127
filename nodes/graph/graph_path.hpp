#pragma once

#include "mesh/manifest/read.hpp"

#include <iosfwd>
#include <string>

namespace nodes {

/// `dagmesh graph path FROM TO`: the shortest walk from one to the other. Returns the exit code: 0
/// when there is one, 1 when there is none, 2 for a name that the graph does not know.
int graph_path(const mesh::ManifestSet& set, const std::string& from, const std::string& to,
               bool is_json, std::ostream& out, std::ostream& err);

} // namespace nodes
