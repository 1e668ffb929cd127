#include "mesh/graph/edges/cyclic_parts.hpp"

#include "mesh/graph/edges/cycle_walk.hpp"
#include "mesh/graph/edges/edge_groups.hpp"
#include "mesh/graph/edges/group_cut.hpp"
#include "mesh/graph/edges/single_cut.hpp"

#include <algorithm>
#include <optional>

namespace mesh {

namespace {

using Vertex = Digraph::Vertex;
using Edges = std::vector<Digraph::Edge>;

/// Work, in edges looked at, for the cuts of all groups, and for the shortest cycles: under a
/// second on the machine of docs/performance.md.
constexpr WorkLeft cut_work{100'000'000};
constexpr WorkLeft cycle_work{100'000'000};

/// Edges of which one may be on every cycle: those of any cycle, as long as nothing else of what
/// the peeling left leads to their heads. Fewest lines first.
Edges likely_cuts(const Digraph& graph, const Peeling& peeling, const Cycle& cycle) {
    // Were something there before the head of such an edge, it would be behind a cycle, so behind
    // the edge, and on a cycle with it that has no need of the edge.
    std::vector<std::pair<std::size_t, Digraph::Edge>> likely;
    for (const auto& edge : edges_of(cycle)) {
        const auto lines =
            static_cast<std::size_t>(std::ranges::count(graph.heads(edge.first), edge.second));
        if (peeling.remaining[edge.second] == lines)
            likely.emplace_back(lines, edge);
    }
    std::ranges::sort(likely);
    Edges edges;
    for (const auto& [lines, edge] : likely)
        edges.push_back(edge);
    return edges;
}

/// What one edge explains: without it no cycle is left anywhere. Nothing when some is.
std::optional<CyclicParts> part_of(const Digraph& graph, const Peeling& peeling,
                                   const Digraph::Edge& cut) {
    // The group is what the cut's head leads to and what leads to its tail.
    std::vector<bool> is_behind(graph.vertex_count());
    std::vector<bool> is_before(graph.vertex_count());
    is_behind[cut.second] = true;
    is_before[cut.first] = true;
    const auto no_fetch = [](Vertex) {}; // these bits fit the nearest cache
    auto order = peel_on(graph, peeling, {&cut, 1}, no_fetch, [&](Vertex vertex) {
        if (is_behind[vertex])
            for (const auto head : graph.heads(vertex))
                is_behind[head] = true;
    });
    if (peeling.count + order.size() < graph.vertex_count())
        return std::nullopt;
    std::size_t size = 0;
    const auto leads_on = [&](Vertex head) { return is_before[head]; };
    walk_ahead(
        graph, order.size(), [&](std::size_t i) { return order[order.size() - 1 - i]; }, no_fetch,
        [&](Vertex vertex) {
            if (is_behind[vertex] &&
                (is_before[vertex] || std::ranges::any_of(graph.heads(vertex), leads_on))) {
                is_before[vertex] = true;
                ++size;
            }
            return order.size();
        });
    auto work = cycle_work;
    const auto shortest = shortest_cycle(graph, {cut.second}, work);
    return CyclicParts{{{edges_of(shortest.cycle), true, {cut}, true, size}}, std::move(order)};
}

/// The usual case of one edge too many, without a look for groups: they cost more than all that was
/// done before.
std::optional<CyclicParts> sole_part(const Digraph& graph, const Peeling& peeling) {
    constexpr std::size_t tries_max = 3; // as much work as finding all such edges at once
    const auto cycle = any_cycle(graph, peeling);
    const auto likely = likely_cuts(graph, peeling, cycle);
    for (std::size_t i = 0; i < std::min(likely.size(), tries_max); ++i)
        if (auto part = part_of(graph, peeling, likely[i]))
            return part;
    if (likely.size() <= tries_max)
        return std::nullopt;
    const auto singles = single_cuts(graph, peeling, cycle);
    for (const auto& edge : likely)
        if (std::ranges::find(singles, edge) != singles.end())
            return part_of(graph, peeling, edge);
    return std::nullopt;
}

Edges in_whole_graph(const EdgeGroup& group, const Edges& edges) {
    Edges whole;
    whole.reserve(edges.size());
    for (const auto& [tail, head] : edges)
        whole.emplace_back(group.members[tail], group.members[head]);
    return whole;
}

} // namespace

CyclicParts cyclic_parts(const Digraph& graph, const Peeling& peeling) {
    if (peeling.count == graph.vertex_count())
        return {};
    if (auto sole = sole_part(graph, peeling))
        return std::move(*sole);
    auto work_for_cuts = cut_work;
    auto work_for_cycles = cycle_work;
    CyclicParts found;
    Edges removed;
    for (const auto& group : edge_groups(graph, peeling)) {
        const auto cut = cut_group(group, work_for_cuts);
        // Every cycle goes over an edge of the cut, so it is enough to begin there.
        std::vector<Vertex> starts;
        for (const auto& edge : cut.edges)
            starts.push_back(edge.second);
        const auto shortest = shortest_cycle(group.graph, std::move(starts), work_for_cycles);
        found.parts.push_back({in_whole_graph(group, edges_of(shortest.cycle)), shortest.is_proven,
                               in_whole_graph(group, cut.edges), cut.is_smallest,
                               group.members.size()});
        const auto& edges = found.parts.back().cut;
        removed.insert(removed.end(), edges.begin(), edges.end());
    }
    found.order = peel_on(graph, peeling, removed);
    return found;
}

} // namespace mesh
