#pragma once

#include "nodes/draw/view_graph.hpp"

#include <vector>

namespace nodes {

/// The nodes of the three views, in order of name, each with its place and with notes for people:
/// who emits, who receives, and where that is written; of long lists the first ones and a count.
std::vector<ViewGraph::Node> event_nodes(const mesh::GraphInput& input,
                                         const mesh::InnerGraph& inner);
std::vector<ViewGraph::Node> handler_nodes(const mesh::InnerGraph& inner);
std::vector<ViewGraph::Node> service_nodes(const mesh::GraphInput& input,
                                           const mesh::InnerGraph& inner);

} // namespace nodes
