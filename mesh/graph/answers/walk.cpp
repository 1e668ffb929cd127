#include "mesh/graph/answers/walk.hpp"

#include "mesh/graph/answers/flood.hpp"

#include <algorithm>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

void set_on(const InnerGraph& graph, Index handler, Index pattern, WalkStep& step) {
    step.on = graph.subscribed()[pattern].text();
    for (const auto number : graph.subscriptions_of(handler))
        if (graph.subscriptions()[number].pattern == pattern)
            step.on_place = graph.subscriptions()[number].place;
}

void set_emits(const InnerGraph& graph, Index handler, Index pattern, WalkStep& step) {
    step.emits = graph.emitted()[pattern].text();
    for (const auto number : graph.emissions_of(handler))
        if (graph.emissions()[number].pattern == pattern)
            step.emits_place = graph.emissions()[number].place;
}

} // namespace

std::vector<WalkStep> walk_along(const InnerGraph& graph,
                                 std::span<const Digraph::Vertex> vertices) {
    const auto first_emitted = graph.emitted_vertex(0);
    const auto first_subscribed = graph.subscribed_vertex(0);
    std::vector<WalkStep> walk;
    std::string event;
    for (std::size_t i = 0; i < vertices.size(); ++i) {
        const auto vertex = vertices[i];
        if (vertex >= first_subscribed)
            continue;
        if (vertex >= first_emitted) {
            event = graph.emitted()[vertex - first_emitted].text();
            continue;
        }
        WalkStep step{};
        step.event = std::exchange(event, {});
        step.handler = graph.handlers()[vertex].label();
        if (i > 0)
            set_on(graph, vertex, vertices[i - 1] - first_subscribed, step);
        if (step.event.empty())
            step.event = step.on;
        if (i + 1 < vertices.size())
            set_emits(graph, vertex, vertices[i + 1] - first_emitted, step);
        walk.push_back(std::move(step));
    }
    return walk;
}

std::optional<std::vector<WalkStep>> find_path(const CausalGraph& graph, const Selection& from,
                                               const Selection& to) {
    const auto& inner = graph.inner();
    const auto& forward = graph.forward();
    const auto handler_count = static_cast<Digraph::Vertex>(inner.handlers().size());
    const auto count = static_cast<Digraph::Vertex>(forward.vertex_count());
    // A handler that the walk begins with may be its end as well, so the beginning is a vertex of
    // its own, behind all others.
    std::vector<Digraph::Vertex> starts;
    std::vector<Digraph::Vertex> doubled;
    auto edges = edges_of(forward);
    for (const auto beginning : from.beginnings) {
        const bool is_handler = beginning < handler_count;
        starts.push_back(is_handler ? count + static_cast<Digraph::Vertex>(doubled.size())
                                    : beginning);
        if (!is_handler)
            continue;
        for (const auto head : forward.heads(beginning))
            edges.emplace_back(starts.back(), head);
        doubled.push_back(beginning);
    }
    const auto found = flood({count + doubled.size(), edges}, starts, handler_count);
    std::vector<bool> is_end(count + doubled.size());
    for (const auto end : to.ends)
        is_end[end] = true;
    const auto last =
        std::ranges::find_if(found.order, [&](Digraph::Vertex vertex) { return is_end[vertex]; });
    if (last == found.order.end())
        return std::nullopt;
    auto way = found.way_to(*last);
    if (way.front() >= count)
        way.front() = doubled[way.front() - count];
    auto walk = walk_along(inner, way);
    if (from.kind == Selection::Kind::event)
        walk.front().event = from.name;
    return walk;
}

} // namespace mesh
