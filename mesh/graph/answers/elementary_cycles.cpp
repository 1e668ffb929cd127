#include "mesh/graph/answers/elementary_cycles.hpp"

#include "mesh/graph/answers/causal_graph.hpp"
#include "mesh/graph/answers/rooted_cycles.hpp"
#include "mesh/graph/cycle_search.hpp"
#include "mesh/graph/groups.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

namespace mesh {

namespace {

using Index = InnerGraph::Index;
using Vertex = Digraph::Vertex;
using Walk = std::vector<WalkStep>;

/// One step of a cycle: an event, by its emitted pattern, and a handler that receives it.
using Turn = std::pair<Index, Index>;

/// How many edges a graph may have to be searched for all cycles: they take 16 bytes each.
constexpr std::size_t edges_max = 20'000'000;

/// Handlers, then emitted patterns: only what lies on cycles has edges. Nothing when they are too
/// many.
std::optional<Digraph> cyclic_part(const InnerGraph& graph) {
    const auto component = strong_components(graph.digraph({}));
    std::vector<Digraph::Edge> edges;
    for (const auto& emission : graph.emissions())
        if (component[emission.handler] == component[graph.emitted_vertex(emission.pattern)])
            edges.emplace_back(emission.handler, graph.emitted_vertex(emission.pattern));
    std::vector<Vertex> receivers;
    for (Index e = 0; e < graph.emitted().size(); ++e) {
        const auto own = component[graph.emitted_vertex(e)];
        receivers.clear();
        for (const auto s : graph.met_by(e)) {
            if (component[graph.subscribed_vertex(s)] != own)
                continue;
            for (const auto number : graph.subscriptions_to(s))
                if (const auto handler = graph.subscriptions()[number].handler;
                    component[handler] == own)
                    receivers.push_back(handler);
            if (edges.size() + receivers.size() > edges_max)
                return std::nullopt;
        }
        std::ranges::sort(receivers);
        receivers.erase(std::unique(receivers.begin(), receivers.end()), receivers.end());
        for (const auto handler : receivers)
            edges.emplace_back(graph.emitted_vertex(e), handler);
    }
    return Digraph(graph.subscribed_vertex(0), edges);
}

/// The subscription over which a handler receives an event; of several the first.
const InnerGraph::Subscription& receiving(const InnerGraph& graph, Index event, Index handler) {
    const auto met = graph.met_by(event);
    const auto numbers = graph.subscriptions_of(handler);
    const auto is_met = [&](Index number) {
        return std::ranges::binary_search(met, graph.subscriptions()[number].pattern);
    };
    return graph.subscriptions()[*std::ranges::find_if(numbers, is_met)];
}

const InnerGraph::Emission& emitting(const InnerGraph& graph, Index handler, Index event) {
    const auto numbers = graph.emissions_of(handler);
    const auto is_it = [&](Index number) { return graph.emissions()[number].pattern == event; };
    return graph.emissions()[*std::ranges::find_if(numbers, is_it)];
}

/// As people read it, beginning with the first turn that has the smallest event.
Walk walk_of(const InnerGraph& graph, std::vector<Turn> turns) {
    std::rotate(turns.begin(), std::ranges::min_element(turns), turns.end());
    Walk walk;
    for (std::size_t i = 0; i < turns.size(); ++i) {
        const auto [event, handler] = turns[i];
        const auto next = turns[(i + 1) % turns.size()].first;
        const auto& on = receiving(graph, event, handler);
        WalkStep step{};
        step.event = graph.emitted()[event].text();
        step.handler = graph.handlers()[handler].label();
        step.on = graph.subscribed()[on.pattern].text();
        step.on_place = on.place;
        step.emits = graph.emitted()[next].text();
        step.emits_place = emitting(graph, handler, next).place;
        walk.push_back(std::move(step));
    }
    return walk;
}

/// All cycles by depth, one root after the other.
void enumerate(const InnerGraph& graph, const Digraph& part, std::size_t count_max,
               std::size_t steps_left, ElementaryCycles& into) {
    const auto backward = reversed(part);
    const auto first_event = graph.emitted_vertex(0);
    RootedCycles search(part, backward, first_event);
    std::vector<std::pair<Vertex, std::size_t>> waiting; // root, the next length to try
    for (auto root = first_event; root < part.vertex_count(); ++root)
        if (!part.heads(root).empty())
            waiting.emplace_back(root, 2);
    while (!waiting.empty()) {
        const auto length =
            std::ranges::min(waiting, {}, [](auto& one) { return one.second; }).second;
        steps_left -= std::min(steps_left, waiting.size());
        for (auto& [root, next] : waiting) {
            if (next != length)
                continue;
            const auto room = count_max + 1 - into.cycles.size();
            const auto found = search.search(root, length, room, steps_left);
            for (const auto& cycle : found.cycles) {
                std::vector<Turn> turns;
                for (std::size_t i = 0; i < cycle.size(); i += 2)
                    turns.emplace_back(cycle[i] - first_event, cycle[i + 1]);
                into.cycles.push_back(walk_of(graph, std::move(turns)));
            }
            next = found.next_length;
            into.is_complete = steps_left > 0 && into.cycles.size() <= count_max;
            if (!into.is_complete)
                return;
        }
        std::erase_if(waiting, [](const auto& one) { return one.second == 0; });
    }
}

/// A cycle for every group that shows none yet.
void add_shortest(const InnerGraph& graph, ElementaryCycles& into) {
    std::set<std::string> shown;
    for (const auto& walk : into.cycles)
        for (const auto& step : walk)
            shown.insert(step.handler);
    for (const auto& loop : self_loops(graph)) {
        const auto& emission = graph.emissions()[loop.emission];
        if (shown.insert(graph.handlers()[emission.handler].label()).second)
            into.cycles.push_back(walk_of(graph, {{emission.pattern, emission.handler}}));
    }
    CycleSearch search(graph);
    for (const auto& group : cyclic_groups(graph)) {
        const auto is_shown = [&](Index handler) {
            return shown.contains(graph.handlers()[handler].label());
        };
        if (std::ranges::any_of(group, is_shown))
            continue;
        const auto found = search.shortest(group, {});
        std::vector<Turn> turns;
        for (const auto& step : found->steps)
            turns.emplace_back(graph.emissions()[step.emission].pattern,
                               graph.subscriptions()[step.subscription].handler);
        into.cycles.push_back(walk_of(graph, std::move(turns)));
    }
}

} // namespace

ElementaryCycles find_elementary_cycles(const InnerGraph& graph, std::size_t count_max,
                                        std::size_t steps_max) {
    ElementaryCycles found;
    const auto part = cyclic_part(graph);
    if (part)
        enumerate(graph, *part, count_max, steps_max, found);
    else
        found.is_complete = false;
    if (!found.is_complete && found.cycles.size() < count_max)
        add_shortest(graph, found);
    std::ranges::stable_sort(found.cycles, {}, &Walk::size);
    if (found.cycles.size() > count_max)
        found.cycles.resize(count_max);
    return found;
}

} // namespace mesh
