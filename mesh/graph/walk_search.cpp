#include "mesh/graph/walk_search.hpp"

#include <algorithm>
#include <limits>

namespace mesh {

namespace {

/// Stands for the emission that led to a handler of the start.
constexpr auto from_outside = std::numeric_limits<InnerGraph::Index>::max();

} // namespace

WalkSearch::WalkSearch(const InnerGraph& graph)
    : graph_(graph),
      handler_mark_(graph.handlers().size()),
      emitted_mark_(graph.emitted().size()),
      subscribed_mark_(graph.subscribed().size()),
      arrival_(graph.handlers().size()) {}

void WalkSearch::search(std::span<const Index> subscriptions) {
    ++search_;
    queue_.clear();
    for (const auto subscription : subscriptions)
        arrive({from_outside, subscription});
    for (std::size_t next = 0; next < queue_.size(); ++next)
        expand(queue_[next]);
}

void WalkSearch::search_from(Index start, const std::vector<bool>& is_end) {
    ++search_;
    handler_mark_[start] = search_;
    const auto own = graph_.subscriptions_of(start);
    arrival_[start] = {from_outside, own.empty() ? Walk::no_subscription : own.front()};
    queue_.assign(1, start);
    expand(start);
    for (std::size_t next = 1; next < queue_.size(); ++next)
        if (!is_end[queue_[next]])
            expand(queue_[next]);
}

void WalkSearch::arrive(Step over) {
    ++cost_;
    const auto handler = graph_.subscriptions()[over.subscription].handler;
    if (handler_mark_[handler] == search_)
        return;
    handler_mark_[handler] = search_;
    arrival_[handler] = over;
    queue_.push_back(handler);
}

void WalkSearch::expand(Index handler) {
    for (const auto emission : graph_.emissions_of(handler)) {
        ++cost_;
        const auto emitted = graph_.emissions()[emission].pattern;
        if (emitted_mark_[emitted] == search_)
            continue;
        emitted_mark_[emitted] = search_;
        for (const auto subscribed : graph_.met_by(emitted)) {
            ++cost_;
            if (subscribed_mark_[subscribed] == search_)
                continue;
            subscribed_mark_[subscribed] = search_;
            for (const auto subscription : graph_.subscriptions_to(subscribed))
                arrive({emission, subscription});
        }
    }
}

Walk WalkSearch::walk_to(Index handler) const {
    Walk walk{arrival_[handler].subscription, {}};
    while (arrival_[handler].emission != from_outside) {
        walk.steps.push_back(arrival_[handler]);
        handler = graph_.emissions()[arrival_[handler].emission].handler;
        walk.first_subscription = arrival_[handler].subscription;
    }
    std::ranges::reverse(walk.steps);
    return walk;
}

} // namespace mesh
