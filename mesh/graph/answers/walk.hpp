#pragma once

#include "mesh/graph/answers/causal_graph.hpp"
#include "mesh/graph/answers/selection.hpp"
#include "mesh/graph/finding.hpp"

#include <optional>
#include <span>
#include <vector>

namespace mesh {

/// The handlers among `vertices`, which lie on one way through the graph, with what each received
/// and emitted on it. A way that begins or ends with a handler leaves that side of it empty.
std::vector<WalkStep> walk_along(const InnerGraph& graph,
                                 std::span<const Digraph::Vertex> vertices);

/// The shortest walk from one selection to another, of at least one handler; of several the first
/// in order of names. Nothing when there is none.
std::optional<std::vector<WalkStep>> find_path(const CausalGraph& graph, const Selection& from,
                                               const Selection& to);

} // namespace mesh
