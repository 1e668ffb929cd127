#include "mesh/graph/edges/group_cut.hpp"

#include "mesh/graph/edges/feedback_order.hpp"
#include "mesh/graph/edges/single_cut.hpp"
#include "mesh/graph/edges/smallest_cut.hpp"
#include "mesh/graph/incremental_order.hpp"

#include <algorithm>
#include <cstddef>

namespace mesh {

namespace {

/// What leads back in an order with few such edges, less those that can return without closing a
/// cycle, while the work lasts. Edges of many lines return first.
std::vector<Digraph::Edge> minimal_cut(const EdgeGroup& group, WorkLeft& work) {
    const auto position = feedback_order(group.graph, group.edges);
    work.spend(group.edges.size() * 4);
    std::vector<std::uint32_t> forward;
    std::vector<std::uint32_t> backward;
    for (std::uint32_t i = 0; i < group.edges.size(); ++i) {
        const auto& [tail, head] = group.edges[i];
        (position[tail] < position[head] ? forward : backward).push_back(i);
    }
    const auto tail_position = [&](std::uint32_t i) { return position[group.edges[i].first]; };
    std::ranges::stable_sort(forward, {}, tail_position); // the quickest order to put them in
    std::ranges::stable_sort(backward, std::greater{},
                             [&](std::uint32_t i) { return group.lines[i]; });
    std::vector<Digraph::Edge> cut;
    if (work.edges < group.edges.size() * 16) {
        for (const auto i : backward)
            cut.push_back(group.edges[i]);
    } else {
        IncrementalOrder order(group.members.size());
        for (const auto i : forward)
            order.insert(group.edges[i]);
        work.spend(group.edges.size() * 16);
        for (const auto i : backward) {
            if (!work.is_over() && order.insert(group.edges[i]).empty())
                continue;
            work.spend(group.edges.size()); // at worst, what it takes to refuse one
            cut.push_back(group.edges[i]);
        }
    }
    std::ranges::sort(cut);
    return cut;
}

Digraph::Edge fewest_lines(const EdgeGroup& group, const std::vector<Digraph::Edge>& edges) {
    const auto lines = [&](const Digraph::Edge& edge) {
        const auto heads = group.graph.heads(edge.first);
        const auto place =
            static_cast<std::size_t>(std::ranges::find(heads, edge.second) - heads.begin());
        return std::pair(group.lines[group.graph.first_edge(edge.first) + place], edge);
    };
    return std::ranges::min(edges, {}, lines);
}

} // namespace

GroupCut cut_group(const EdgeGroup& group, WorkLeft& work) {
    work.spend(group.edges.size() * 4);
    const auto peeling = peel(group.graph);
    const auto singles = single_cuts(group.graph, peeling, any_cycle(group.graph, peeling));
    if (!singles.empty())
        return {{fewest_lines(group, singles)}, true};
    const auto size = group.members.size();
    if (size <= smallest_cut_members_max && work.edges >= size << size) {
        work.spend(size << size);
        return {smallest_cut(group), true};
    }
    auto cut = minimal_cut(group, work);
    const bool is_smallest = cut.size() == 2; // one does not do
    return {std::move(cut), is_smallest};
}

} // namespace mesh
