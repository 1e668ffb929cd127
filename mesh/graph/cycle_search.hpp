#pragma once

#include "mesh/graph/inner_graph.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mesh {

/// One step from handler to handler: over an emission into a subscription of the next handler.
struct Step {
    InnerGraph::Index emission;
    InnerGraph::Index subscription;

    auto operator<=>(const Step&) const = default;
};

/// Searches cycles of at least two handlers, shortest first. Keeps its working memory between
/// searches; the graph has to outlive it.
class CycleSearch {
public:
    explicit CycleSearch(const InnerGraph& graph);

    struct Found {
        std::vector<Step> steps;
        bool is_shortest; ///< false when the search was bounded
    };

    /// The shortest cycle through a handler of `group`, without the emissions marked in
    /// `is_removed`. Of several it takes the one through the first handler of the group, then the
    /// first in order of names; the result depends on nothing else. In a group so large that
    /// searching from each handler costs more than `cost_max`, it starts from some of them only.
    std::optional<Found> shortest(std::span<const InnerGraph::Index> group,
                                  const std::vector<bool>& is_removed);

    /// Visits of emissions and patterns in all searches so far: what they cost.
    std::size_t cost() const { return cost_; }

    /// Counts work that others did with the same budget.
    void spend(std::size_t cost) { cost_ += cost; }

    static constexpr std::size_t cost_max = 20'000'000;

private:
    using Index = InnerGraph::Index;

    /// The shortest cycle through `start` of fewer than `length_max` steps.
    std::vector<Step> through(Index start, std::size_t length_max,
                              const std::vector<bool>& is_removed);
    void mark_feeders(Index start);
    std::optional<Step> closing_step(Index handler, const std::vector<bool>& is_removed);
    void expand(Index handler, const std::vector<bool>& is_removed);

    const InnerGraph& graph_;
    std::size_t cost_ = 0;

    // A mark counts only when it is the number of the current search.
    std::uint32_t search_ = 0;
    std::vector<std::uint32_t> handler_mark_;
    std::vector<std::uint32_t> emitted_mark_;
    std::vector<std::uint32_t> subscribed_mark_;
    std::vector<std::uint32_t> feeder_mark_;
    std::vector<Index> feeder_subscription_; ///< of the start, by emitted pattern
    std::vector<Step> arrival_;              ///< how each handler was reached
    std::vector<std::size_t> depth_;
    std::vector<Index> queue_;
};

} // namespace mesh
