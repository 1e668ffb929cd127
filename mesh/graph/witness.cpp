#include "mesh/graph/witness.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

const std::string& emitted_text(const InnerGraph& graph, Index emission) {
    return graph.emitted()[graph.emissions()[emission].pattern].text();
}

/// `event` arrives over the subscription, and its handler emits.
WalkStep step(const InnerGraph& graph, std::string event, Index subscription, Index emission) {
    const auto& arrival = graph.subscriptions()[subscription];
    return {std::move(event),
            graph.handlers()[arrival.handler].label(),
            graph.subscribed()[arrival.pattern].text(),
            arrival.place,
            emitted_text(graph, emission),
            graph.emissions()[emission].place};
}

} // namespace

void rotate_to_smallest(std::vector<WalkStep>& steps) {
    const auto key = [](const WalkStep& one) { return std::tie(one.event, one.handler); };
    std::rotate(steps.begin(), std::ranges::min_element(steps, {}, key), steps.end());
}

std::vector<WalkStep> cycle_steps(const InnerGraph& graph, std::span<const Step> steps) {
    std::vector<WalkStep> walk;
    walk.reserve(steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto& before = steps[(i + steps.size() - 1) % steps.size()];
        walk.push_back(step(graph, emitted_text(graph, before.emission), before.subscription,
                            steps[i].emission));
    }
    rotate_to_smallest(walk);
    return walk;
}

std::vector<WalkStep> path_steps(const InnerGraph& graph, std::string event, const Walk& walk,
                                 Index last_emission) {
    std::vector<WalkStep> steps;
    steps.reserve(walk.steps.size() + 1);
    auto subscription = walk.first_subscription;
    for (const auto& one : walk.steps) {
        steps.push_back(step(graph, std::move(event), subscription, one.emission));
        event = steps.back().emits;
        subscription = one.subscription;
    }
    steps.push_back(step(graph, std::move(event), subscription, last_emission));
    return steps;
}

std::string wildcard_note(std::span<const WalkStep> steps) {
    const auto is_wild = [](const WalkStep& one) { return one.event != one.on; };
    return std::ranges::any_of(steps, is_wild) ? ", through a wildcard" : "";
}

void sort_places(std::vector<NotedPlace>& places) {
    std::ranges::sort(places, {},
                      [](const NotedPlace& one) { return std::tie(one.place, one.note); });
    places.erase(std::unique(places.begin(), places.end()), places.end());
}

std::string counted(std::size_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

} // namespace mesh
