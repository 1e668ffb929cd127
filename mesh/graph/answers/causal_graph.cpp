#include "mesh/graph/answers/causal_graph.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

/// The inner graph takes an allowed edge out; a contract that allows none keeps them all.
GraphInput without_allowances(GraphInput input) {
    for (auto& declared : input.contracts) {
        declared.contract.loops.clear();
        declared.places.loops.clear();
        declared.loops_until.clear();
    }
    return input;
}

std::vector<bool> find_loops(const InnerGraph& graph, const GraphInput& input) {
    std::set<std::pair<std::string, std::string>> allowed; // label, pattern
    for (const auto& declared : input.contracts)
        for (const auto& loop : declared.contract.loops)
            allowed.emplace(declared.contract.service + "." + loop.handler, loop.emits.text());
    std::vector<bool> is_loop(graph.emissions().size());
    for (Index i = 0; !allowed.empty() && i < is_loop.size(); ++i) {
        const auto& emission = graph.emissions()[i];
        is_loop[i] = allowed.contains(
            {graph.handlers()[emission.handler].label(), graph.emitted()[emission.pattern].text()});
    }
    return is_loop;
}

std::vector<Pattern> find_events(const InnerGraph& graph,
                                 const std::vector<DeclaredEvent>& declared) {
    auto events = graph.emitted();
    std::ranges::copy_if(graph.subscribed(), std::back_inserter(events), &Pattern::is_topic);
    for (const auto& event : declared)
        if (event.name.is_topic())
            events.push_back(event.name);
    std::ranges::sort(events);
    events.erase(std::unique(events.begin(), events.end()), events.end());
    return events;
}

} // namespace

CausalGraph::CausalGraph(const GraphInput& input)
    : inner_(without_allowances(input)),
      forward_(inner_.digraph({})),
      backward_(reversed(forward_)),
      is_loop_(find_loops(inner_, input)),
      declared_(input.events),
      events_(find_events(inner_, declared_)) {
    for (const auto& one : input.contracts) {
        const auto& place = one.places.service;
        const auto [known, is_new] = services_.try_emplace(one.contract.service, place);
        if (!is_new)
            known->second = std::min(known->second, place);
    }
}

std::vector<Digraph::Edge> edges_of(const Digraph& graph) {
    std::vector<Digraph::Edge> edges;
    for (Digraph::Vertex tail = 0; tail < graph.vertex_count(); ++tail)
        for (const auto head : graph.heads(tail))
            edges.emplace_back(tail, head);
    return edges;
}

Digraph reversed(const Digraph& graph) {
    auto edges = edges_of(graph);
    for (auto& [tail, head] : edges)
        std::swap(tail, head);
    return {graph.vertex_count(), edges};
}

} // namespace mesh
