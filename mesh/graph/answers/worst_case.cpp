#include "mesh/graph/answers/worst_case.hpp"

#include "mesh/graph/answers/dominators.hpp"
#include "mesh/graph/answers/flood.hpp"
#include "mesh/graph/answers/walk.hpp"

#include <algorithm>
#include <span>
#include <tuple>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;
using Vertex = Digraph::Vertex;

std::uint64_t add(std::uint64_t a, std::uint64_t b) {
    return b > WorstCase::runs_max - a ? WorstCase::runs_max : a + b;
}

/// The edges between vertices that were reached.
Digraph restricted(const Digraph& graph, const Flood& found) {
    auto edges = edges_of(graph);
    std::erase_if(edges, [&](const Digraph::Edge& edge) { return !found.is_reached[edge.first]; });
    return {graph.vertex_count(), edges};
}

/// Counts runs from the last effects back to the causes.
class RunCount {
public:
    RunCount(const InnerGraph& graph, const Digraph& part)
        : graph_(graph), part_(part), runs_(part.vertex_count()), mark_(graph.handlers().size()) {}

    void count(Vertex vertex) {
        const bool is_handler = vertex < graph_.emitted_vertex(0);
        if (!is_handler && vertex < graph_.subscribed_vertex(0)) {
            runs_[vertex] = of_all(part_.heads(vertex));
            return;
        }
        runs_[vertex] = is_handler ? 1 : 0;
        for (const auto head : part_.heads(vertex))
            runs_[vertex] = add(runs_[vertex], runs_[head]);
    }

    /// What one event sets going that all these subscribed patterns may receive. A handler that
    /// listens to several of them runs once; when that takes too long to tell, it counts for each,
    /// which is a bound too.
    std::uint64_t of_all(std::span<const Vertex> subscribed) {
        ++round_;
        std::uint64_t sum = 0;
        for (const auto vertex : subscribed) {
            spent_ += part_.heads(vertex).size();
            if (subscribed.size() == 1 || spent_ > spent_max) {
                sum = add(sum, runs_[vertex]);
                continue;
            }
            for (const auto handler : part_.heads(vertex))
                if (std::exchange(mark_[handler], round_) != round_)
                    sum = add(sum, runs_[handler]);
        }
        return sum;
    }

    std::uint64_t of(Vertex vertex) const { return runs_[vertex]; }

private:
    static constexpr std::size_t spent_max = 50'000'000;

    const InnerGraph& graph_;
    const Digraph& part_;
    std::vector<std::uint64_t> runs_;
    std::vector<std::uint32_t> mark_;
    std::uint32_t round_ = 0;
    std::size_t spent_ = 0;
};

/// The way on which most emitted patterns lie, cut behind the last of them.
std::vector<Vertex> longest_way(const InnerGraph& graph, const Digraph& part,
                                std::span<const Vertex> order, const Selection& from) {
    std::vector<std::uint32_t> events(part.vertex_count());
    std::vector<Vertex> next(part.vertex_count(), Flood::none);
    const auto is_better = [&](Vertex a, Vertex b) {
        return b == Flood::none || events[a] > events[b] || (events[a] == events[b] && a < b);
    };
    for (auto i = order.size(); i-- > 0;) {
        const auto vertex = order[i];
        for (const auto head : part.heads(vertex))
            if (is_better(head, next[vertex]))
                next[vertex] = head;
        const bool is_event =
            vertex >= graph.emitted_vertex(0) && vertex < graph.subscribed_vertex(0);
        events[vertex] =
            (next[vertex] == Flood::none ? 0 : events[next[vertex]]) + (is_event ? 1 : 0);
    }
    auto best = Flood::none;
    for (const auto start : from.beginnings)
        if (is_better(start, best))
            best = start;
    std::vector<Vertex> way;
    for (auto at = best; at != Flood::none && (way.empty() || events[way.back()] > 0);
         at = next[at])
        way.push_back(at);
    while (!way.empty() &&
           (way.back() < graph.emitted_vertex(0) || way.back() >= graph.subscribed_vertex(0)))
        way.pop_back();
    return way;
}

} // namespace

WorstCase find_worst_case(const CausalGraph& graph, const Selection& from) {
    const auto& inner = graph.inner();
    const auto open = inner.digraph(graph.is_loop());
    const auto found = flood(open, from.beginnings, inner.emitted_vertex(0));
    const auto part = restricted(open, found);
    auto order = topological_order(part);
    if (order.size() != part.vertex_count())
        return {};
    std::erase_if(order, [&](Vertex vertex) { return !found.is_reached[vertex]; });
    WorstCase worst;
    worst.longest_chain = walk_along(inner, longest_way(inner, part, order, from));
    if (from.kind == Selection::Kind::event && !worst.longest_chain->empty())
        worst.longest_chain->front().event = from.name;
    RunCount runs(inner, part);
    for (auto i = order.size(); i-- > 0;)
        runs.count(order[i]);
    if (from.kind == Selection::Kind::event)
        worst.runs = runs.of_all(from.beginnings);
    else if (from.kind == Selection::Kind::handler)
        worst.runs = runs.of(from.beginnings.front());
    return worst;
}

std::vector<NarrowPoint> find_narrow_points(const CausalGraph& graph, const Selection& from) {
    const auto& inner = graph.inner();
    const auto root = static_cast<Vertex>(graph.forward().vertex_count());
    auto edges = edges_of(graph.forward());
    for (const auto beginning : from.beginnings)
        edges.emplace_back(root, beginning);
    const Digraph rooted(graph.forward().vertex_count() + 1, edges);
    const auto above = immediate_dominators(rooted, root);
    // A dominator is reached before what it dominates, so from the back each count is complete
    // before it is passed on.
    const std::vector<Vertex> start{root};
    const auto found = flood(rooted, start, 0);
    std::vector<std::size_t> events(rooted.vertex_count());
    for (auto i = found.order.size(); i-- > 1;) {
        const auto vertex = found.order[i];
        if (vertex >= inner.emitted_vertex(0) && vertex < inner.subscribed_vertex(0))
            ++events[vertex];
        events[above[vertex]] += events[vertex];
    }
    std::vector<NarrowPoint> points;
    for (Index h = 0; h < inner.handlers().size(); ++h)
        if (events[h] > 1)
            points.push_back({inner.handlers()[h].label(), inner.handlers()[h].place, events[h]});
    std::ranges::sort(points, [](const NarrowPoint& a, const NarrowPoint& b) {
        return std::tie(b.event_count, a.handler) < std::tie(a.event_count, b.handler);
    });
    return points;
}

} // namespace mesh
