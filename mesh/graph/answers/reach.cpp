#include "mesh/graph/answers/reach.hpp"

#include "mesh/graph/answers/flood.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;
using Vertex = Digraph::Vertex;

/// Fills a reach from a flood; `note_edge` tells of a handler over which edge it was reached.
template <class NoteEdge>
Reach collect(const InnerGraph& graph, const Flood& found, NoteEdge note_edge) {
    Reach reach;
    std::map<std::string, std::uint32_t> services;
    for (const auto vertex : found.order) {
        const auto steps = found.weight[vertex];
        if (vertex < graph.emitted_vertex(0)) {
            const auto& handler = graph.handlers()[vertex];
            Reach::Handler one{handler.label(), handler.service, steps, {}, {}, false};
            if (found.parent[vertex] != Flood::none)
                note_edge(vertex, found.parent[vertex], one);
            reach.handlers.push_back(std::move(one));
            const auto [known, is_new] = services.emplace(handler.service, steps);
            known->second = std::min(known->second, steps);
        } else if (vertex < graph.subscribed_vertex(0) && steps > 0) {
            reach.events.push_back(
                {graph.emitted()[vertex - graph.emitted_vertex(0)].text(), steps});
        }
    }
    for (auto& [name, steps] : services)
        reach.services.push_back({name, steps});
    std::ranges::sort(reach.events, {}, [](const auto& e) { return std::tie(e.steps, e.name); });
    std::ranges::sort(reach.handlers, {}, [](const auto& h) { return std::tie(h.steps, h.label); });
    std::ranges::sort(reach.services, {}, [](const auto& s) { return std::tie(s.steps, s.name); });
    return reach;
}

void note_clock_or_nobody(const InnerGraph& graph, const Flood& found, Vertex vertex,
                          std::vector<Origin>& origins) {
    if (vertex < graph.emitted_vertex(0)) {
        const auto& handler = graph.handlers()[vertex];
        if (graph.subscriptions_of(vertex).empty())
            origins.push_back({Origin::Kind::clock, {}, handler.label(), handler.place});
        return;
    }
    if (vertex < graph.subscribed_vertex(0))
        return;
    const auto pattern = vertex - graph.subscribed_vertex(0);
    if (!graph.feeding(pattern).empty())
        return;
    for (const auto number : graph.subscriptions_to(pattern)) {
        const auto& one = graph.subscriptions()[number];
        if (found.is_reached[one.handler])
            origins.push_back({Origin::Kind::nobody, graph.subscribed()[pattern].text(),
                               graph.handlers()[one.handler].label(), one.place});
    }
}

} // namespace

Reach reach_downstream(const CausalGraph& graph, const Selection& from) {
    const auto& inner = graph.inner();
    const auto handler_count = static_cast<Vertex>(inner.handlers().size());
    const auto found = flood(graph.forward(), from.beginnings, handler_count);
    const auto note_edge = [&](Index handler, Vertex parent, Reach::Handler& into) {
        const auto pattern = parent - inner.subscribed_vertex(0);
        into.edge = inner.subscribed()[pattern].text();
        for (const auto number : inner.subscriptions_of(handler))
            if (inner.subscriptions()[number].pattern == pattern)
                into.edge_place = inner.subscriptions()[number].place;
    };
    return collect(inner, found, note_edge);
}

Upstream reach_upstream(const CausalGraph& graph, const Selection& to) {
    const auto& inner = graph.inner();
    const auto handler_count = static_cast<Vertex>(inner.handlers().size());
    const auto found = flood(graph.backward(), to.ends, handler_count);
    const auto note_edge = [&](Index handler, Vertex parent, Reach::Handler& into) {
        const auto pattern = parent - inner.emitted_vertex(0);
        into.edge = inner.emitted()[pattern].text();
        for (const auto number : inner.emissions_of(handler))
            if (inner.emissions()[number].pattern == pattern) {
                into.edge_place = inner.emissions()[number].place;
                into.is_loop = graph.is_loop()[number];
            }
    };
    Upstream upstream{collect(inner, found, note_edge), {}};
    for (const auto vertex : found.order)
        note_clock_or_nobody(inner, found, vertex, upstream.origins);
    for (const auto& source : inner.sources()) {
        if (!found.is_reached[inner.emitted_vertex(source.pattern)])
            continue;
        upstream.origins.push_back(
            {source.service.empty() ? Origin::Kind::outside : Origin::Kind::publisher,
             inner.emitted()[source.pattern].text(), source.service, source.place});
    }
    std::ranges::sort(upstream.origins);
    const auto is_same = [](const Origin& a, const Origin& b) {
        return std::tie(a.kind, a.event, a.who) == std::tie(b.kind, b.event, b.who);
    };
    upstream.origins.erase(std::unique(upstream.origins.begin(), upstream.origins.end(), is_same),
                           upstream.origins.end());
    return upstream;
}

} // namespace mesh
