#pragma once

#include "mesh/graph/inner_graph.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace mesh {

/// Handlers that cause each other: sorted, at least two.
using Group = std::vector<InnerGraph::Index>;

/// All groups of the graph, in order of their first handlers. None means that there is no cycle
/// of two handlers or more.
std::vector<Group> cyclic_groups(const InnerGraph& graph);

/// The part of the graph that lies between the handlers of one group: for asking often what the
/// removal of emissions does to it.
class GroupGraph {
public:
    GroupGraph(const InnerGraph& graph, Group group);

    /// The first group that is left without the emissions marked in `is_removed`; empty when
    /// there is none.
    Group group_without(const std::vector<bool>& is_removed) const;

    /// How much one such question costs.
    std::size_t edge_count() const { return emissions_.size() + others_.size(); }

private:
    Group group_;
    std::size_t vertex_count_;
    std::vector<std::pair<InnerGraph::Index, Digraph::Edge>> emissions_; ///< number, edge
    std::vector<Digraph::Edge> others_;
};

/// An emission into the handler's own subscription.
struct SelfLoop {
    InnerGraph::Index emission;
    InnerGraph::Index subscription;
};

/// All self-loops, one for each emission that its own handler may receive.
std::vector<SelfLoop> self_loops(const InnerGraph& graph);

} // namespace mesh
