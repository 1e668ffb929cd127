#pragma once

#include "mesh/graph/cycle_search.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mesh {

/// A walk from an event that arrives over a subscription, from handler to handler.
struct Walk {
    InnerGraph::Index first_subscription;
    std::vector<Step> steps; ///< each leads to the next handler
};

/// Finds all that some subscriptions cause, each over a shortest walk. Keeps its working memory
/// between searches; the graph has to outlive it.
class WalkSearch {
public:
    using Index = InnerGraph::Index;

    explicit WalkSearch(const InnerGraph& graph);

    /// Forgets the search before, and searches from what arrives over these subscriptions. Of
    /// several shortest walks it takes the first in order of names.
    void search(std::span<const Index> subscriptions);

    /// The handlers reached, nearest first; those of the start among them.
    std::span<const Index> reached() const { return queue_; }

    /// A shortest walk to a handler that was reached.
    Walk walk_to(Index handler) const;

private:
    void expand(Index handler);
    void arrive(Step over);

    const InnerGraph& graph_;

    // A mark counts only when it is the number of the current search.
    std::uint32_t search_ = 0;
    std::vector<std::uint32_t> handler_mark_;
    std::vector<std::uint32_t> emitted_mark_;
    std::vector<std::uint32_t> subscribed_mark_;
    std::vector<Step> arrival_; ///< how each handler was reached
    std::vector<Index> queue_;
};

} // namespace mesh
