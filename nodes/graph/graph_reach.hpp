#pragma once

#include "mesh/manifest/read.hpp"

#include <iosfwd>
#include <string>

namespace nodes {

/// `dagmesh graph impact NAME`: everything that it causes, step by step, with the longest chain,
/// the most handler runs that one event can cause, and the handlers that everything passes.
/// Returns the exit code: 0, or 2 for a name that the graph does not know.
int graph_impact(const mesh::ManifestSet& set, const std::string& name, bool is_json,
                 std::ostream& out, std::ostream& err);

/// `dagmesh graph cause NAME`: everything that causes it, back to where it begins. Exit codes as
/// above.
int graph_cause(const mesh::ManifestSet& set, const std::string& name, bool is_json,
                std::ostream& out, std::ostream& err);

} // namespace nodes
