#pragma once

#include "mesh/graph/cycle_search.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace mesh {

/// A walk from an event that arrives over a subscription, from handler to handler.
struct Walk {
    /// Stands for the subscription of a handler that has none: the clock is its cause.
    static constexpr auto no_subscription = std::numeric_limits<InnerGraph::Index>::max();

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

    /// The same from what `start` emits. Handlers marked in `is_end` are reached, and not gone on
    /// from; the start is gone on from in any case.
    void search_from(Index start, const std::vector<bool>& is_end);

    /// The handlers reached, nearest first; those of the start among them.
    std::span<const Index> reached() const { return queue_; }

    /// A shortest walk to a handler that was reached.
    Walk walk_to(Index handler) const;

    /// Visits of handlers, emissions and patterns in all searches so far: what they cost.
    std::size_t cost() const { return cost_; }

private:
    void expand(Index handler);
    void arrive(Step over);

    const InnerGraph& graph_;
    std::size_t cost_ = 0;

    // A mark counts only when it is the number of the current search.
    std::uint32_t search_ = 0;
    std::vector<std::uint32_t> handler_mark_;
    std::vector<std::uint32_t> emitted_mark_;
    std::vector<std::uint32_t> subscribed_mark_;
    std::vector<Step> arrival_; ///< how each handler was reached
    std::vector<Index> queue_;
};

} // namespace mesh
