#include "mesh/graph/cut.hpp"

#include <algorithm>
#include <cstdint>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

/// Work, in visits of the search, for making a cut minimal and for proving it the smallest.
constexpr std::size_t cost_max = 3'000'000;

/// Handlers of the group in an order with few emissions against it: those with the smallest share
/// of incoming emissions first (after Eades, Lin and Smyth, in one pass).
std::vector<std::size_t> positions(const InnerGraph& graph, const Group& group) {
    std::vector<std::int64_t> surplus(graph.handlers().size());
    for (const auto handler : group) {
        for (const auto emission : graph.emissions_of(handler))
            surplus[handler] +=
                static_cast<std::int64_t>(graph.met_by(graph.emissions()[emission].pattern).size());
        for (const auto subscription : graph.subscriptions_of(handler))
            surplus[handler] -= static_cast<std::int64_t>(
                graph.feeding(graph.subscriptions()[subscription].pattern).size());
    }
    auto order = group;
    std::ranges::stable_sort(order, [&](Index a, Index b) { return surplus[a] > surplus[b]; });
    std::vector<std::size_t> position(graph.handlers().size());
    for (std::size_t i = 0; i < order.size(); ++i)
        position[order[i]] = i + 1; // 0: not in the group
    return position;
}

/// All emissions that lead to a handler further ahead in the order: without them, there is no
/// cycle. A handler's emission to itself is none.
std::vector<Index> backward_emissions(const InnerGraph& graph, const Group& group) {
    const auto position = positions(graph, group);
    std::vector<Index> backward;
    for (const auto handler : group) {
        for (const auto emission : graph.emissions_of(handler)) {
            const auto leads_back = [&](Index subscribed) {
                return std::ranges::any_of(graph.subscriptions_to(subscribed), [&](Index number) {
                    const auto next = graph.subscriptions()[number].handler;
                    return position[next] != 0 && position[next] < position[handler];
                });
            };
            if (std::ranges::any_of(graph.met_by(graph.emissions()[emission].pattern), leads_back))
                backward.push_back(emission);
        }
    }
    return backward;
}

/// Looks for a cut of at most `size_max` emissions: each cut holds an emission of the shortest
/// cycle, so one of its emissions after the other is removed, and what remains is cut with one
/// less. Bounded by the cost of the search; the depth is bounded by `size_max`.
class SmallestCut {
public:
    SmallestCut(const InnerGraph& graph, const GroupGraph& group, CycleSearch& search)
        : graph_(graph),
          group_(group),
          search_(search),
          limit_(search.cost() + cost_max),
          is_removed_(graph.emissions().size()) {}

    bool is_over() const { return search_.cost() > limit_; }

    bool try_size(std::size_t size_max) {
        search_.spend(group_.edge_count());
        const auto rest = group_.group_without(is_removed_);
        if (rest.empty())
            return true;
        if (size_max == 0 || is_over())
            return false;
        for (const auto& step : candidates(search_.shortest(rest, is_removed_)->steps)) {
            is_removed_[step.emission] = true;
            if (try_size(size_max - 1))
                return true;
            is_removed_[step.emission] = false;
        }
        return false;
    }

    std::vector<Index> removed() const {
        std::vector<Index> all;
        for (Index i = 0; i < is_removed_.size(); ++i)
            if (is_removed_[i])
                all.push_back(i);
        return all;
    }

private:
    /// Of equal cuts, the one that closes the walk as it is told is the easiest to see: the
    /// emission of the smallest event comes first.
    std::vector<Step> candidates(std::vector<Step> steps) const {
        const auto pattern = [&](const Step& step) {
            return graph_.emissions()[step.emission].pattern;
        };
        std::rotate(steps.begin(), std::ranges::min_element(steps, {}, pattern), steps.end());
        return steps;
    }

    const InnerGraph& graph_;
    const GroupGraph& group_;
    CycleSearch& search_;
    std::size_t limit_;
    std::vector<bool> is_removed_;
};

/// Deepest search for the smallest cut; beyond it a minimal one has to do.
constexpr std::size_t smallest_size_max = 16;

/// Puts emissions back, one after the other, as long as no cycle closes and the work allows it.
std::vector<Index> without_needless(const GroupGraph& group, const std::vector<Index>& cut,
                                    CycleSearch& search, std::size_t emission_count) {
    std::vector<bool> is_removed(emission_count);
    for (const auto emission : cut)
        is_removed[emission] = true;
    const auto limit = search.cost() + cost_max;
    std::vector<Index> needed;
    for (const auto emission : cut) {
        is_removed[emission] = false;
        search.spend(group.edge_count());
        if (search.cost() > limit || !group.group_without(is_removed).empty()) {
            is_removed[emission] = true;
            needed.push_back(emission);
        }
    }
    return needed;
}

} // namespace

Cut find_cut(const InnerGraph& graph, const Group& group, CycleSearch& search) {
    const GroupGraph part(graph, group);
    SmallestCut smallest(graph, part, search);
    for (std::size_t size = 1; size <= smallest_size_max && !smallest.is_over(); ++size)
        if (smallest.try_size(size))
            return {smallest.removed(), true};
    const auto backward = backward_emissions(graph, group);
    return {without_needless(part, backward, search, graph.emissions().size()), false};
}

} // namespace mesh
