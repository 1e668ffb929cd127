#pragma once

#include "mesh/graph/digraph.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mesh {

/// Finds all handlers that lead to some handlers. Keeps its working memory between searches, and
/// copies what it needs of the graph.
class BackwardSearch {
public:
    using Index = InnerGraph::Index;

    explicit BackwardSearch(const InnerGraph& graph);

    /// Forgets the search before, and searches what leads to these handlers.
    void search(std::span<const Index> handlers);

    /// Whether the handler leads to one of them, or is one of them.
    bool is_reached(Index handler) const { return mark_[handler] == search_; }

    /// Visits of edges in all searches so far: what they cost.
    std::size_t cost() const { return cost_; }

private:
    void arrive(Digraph::Vertex vertex);

    Digraph reversed_;
    std::size_t cost_ = 0;

    // A mark counts only when it is the number of the current search.
    std::uint32_t search_ = 0;
    std::vector<std::uint32_t> mark_;
    std::vector<Digraph::Vertex> queue_;
};

} // namespace mesh
