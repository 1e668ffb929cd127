#include "mesh/graph/cycle_search.hpp"

#include <algorithm>

namespace mesh {

namespace {

/// From how many handlers a group is searched that is too large to search from all.
constexpr std::size_t starts_max = 64;

} // namespace

CycleSearch::CycleSearch(const InnerGraph& graph)
    : graph_(graph),
      handler_mark_(graph.handlers().size()),
      emitted_mark_(graph.emitted().size()),
      subscribed_mark_(graph.subscribed().size()),
      feeder_mark_(graph.emitted().size()),
      feeder_subscription_(graph.emitted().size()),
      arrival_(graph.handlers().size()),
      depth_(graph.handlers().size()) {}

void CycleSearch::mark_feeders(Index start) {
    for (const auto number : graph_.subscriptions_of(start)) {
        for (const auto emitted : graph_.feeding(graph_.subscriptions()[number].pattern)) {
            ++cost_;
            if (feeder_mark_[emitted] == search_)
                continue;
            feeder_mark_[emitted] = search_;
            feeder_subscription_[emitted] = number;
        }
    }
}

std::optional<Step> CycleSearch::closing_step(Index handler, const std::vector<bool>& is_removed) {
    for (const auto number : graph_.emissions_of(handler)) {
        ++cost_;
        const auto emitted = graph_.emissions()[number].pattern;
        const bool is_open = is_removed.empty() || !is_removed[number];
        if (is_open && feeder_mark_[emitted] == search_)
            return Step{number, feeder_subscription_[emitted]};
    }
    return std::nullopt;
}

void CycleSearch::expand(Index handler, const std::vector<bool>& is_removed) {
    for (const auto emission : graph_.emissions_of(handler)) {
        const auto emitted = graph_.emissions()[emission].pattern;
        ++cost_;
        if ((!is_removed.empty() && is_removed[emission]) || emitted_mark_[emitted] == search_)
            continue;
        emitted_mark_[emitted] = search_;
        for (const auto subscribed : graph_.met_by(emitted)) {
            ++cost_;
            if (subscribed_mark_[subscribed] == search_)
                continue;
            subscribed_mark_[subscribed] = search_;
            for (const auto subscription : graph_.subscriptions_to(subscribed)) {
                ++cost_;
                const auto next = graph_.subscriptions()[subscription].handler;
                if (handler_mark_[next] == search_)
                    continue;
                handler_mark_[next] = search_;
                arrival_[next] = {emission, subscription};
                depth_[next] = depth_[handler] + 1;
                queue_.push_back(next);
            }
        }
    }
}

std::vector<Step> CycleSearch::through(Index start, std::size_t length_max,
                                       const std::vector<bool>& is_removed) {
    ++search_;
    mark_feeders(start);
    queue_.assign(1, start);
    handler_mark_[start] = search_;
    depth_[start] = 0;
    for (std::size_t next = 0; next < queue_.size(); ++next) {
        const auto handler = queue_[next];
        if (depth_[handler] + 1 >= length_max)
            return {};
        // A handler that closes on itself at once is a self-loop, and not looked for here.
        const auto closing = handler == start ? std::nullopt : closing_step(handler, is_removed);
        if (!closing) {
            expand(handler, is_removed);
            continue;
        }
        std::vector<Step> steps{*closing};
        for (auto at = handler; at != start;) {
            steps.push_back(arrival_[at]);
            at = graph_.emissions()[arrival_[at].emission].handler;
        }
        std::ranges::reverse(steps);
        return steps;
    }
    return {};
}

std::optional<CycleSearch::Found> CycleSearch::shortest(std::span<const Index> group,
                                                        const std::vector<bool>& is_removed) {
    const auto cost_before = cost_;
    Found best{{}, true};
    for (std::size_t i = 0; i < group.size(); ++i) {
        if (cost_ - cost_before > cost_max && i >= starts_max && !best.steps.empty()) {
            best.is_shortest = false;
            break;
        }
        const auto length_max =
            best.steps.empty() ? graph_.handlers().size() + 1 : best.steps.size();
        auto steps = through(group[i], length_max, is_removed);
        if (!steps.empty())
            best.steps = std::move(steps);
        if (best.steps.size() == 2)
            break;
    }
    if (best.steps.empty())
        return std::nullopt;
    return best;
}

} // namespace mesh
