#include "nodes/draw/selection.hpp"

#include "mesh/graph/digraph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace nodes {

namespace {

using Index = ViewGraph::Index;
using mesh::Digraph;

Index via_vertex(const ViewGraph& view, std::size_t via) {
    return static_cast<Index>(view.nodes.size() + via);
}

/// Nodes, then vias, as vertices. Allowed loops are left out: they close no cycle.
Digraph digraph_of(const ViewGraph& view) {
    std::vector<Digraph::Edge> edges;
    for (std::size_t v = 0; v < view.vias.size(); ++v) {
        const auto middle = via_vertex(view, v);
        const bool is_received_first = view.is_received_first();
        for (const auto& one : view.vias[v].receivers)
            edges.emplace_back(is_received_first ? one.node : middle,
                               is_received_first ? middle : one.node);
        for (const auto& one : view.vias[v].emissions)
            if (!one.rounds_max)
                edges.emplace_back(is_received_first ? middle : one.node,
                                   is_received_first ? one.node : middle);
    }
    return {view.nodes.size() + view.vias.size(), edges};
}

/// The nodes of `wanted` and all that cause each other with one of them, in order.
std::vector<Index> groups_of(const ViewGraph& view, const std::vector<Index>& wanted) {
    const auto component = mesh::strong_components(digraph_of(view));
    std::set<Index> cyclic;
    for (const auto node : wanted)
        cyclic.insert(component[node]);
    std::vector<Index> members;
    for (Index node = 0; node < view.nodes.size(); ++node)
        if (cyclic.contains(component[node]))
            members.push_back(node);
    return members;
}

/// Everything that a via joins with one of `members`, itself among it.
std::vector<Index> one_step_around(const ViewGraph& view, const std::vector<Index>& members) {
    std::vector<bool> is_member(view.nodes.size());
    for (const auto node : members)
        is_member[node] = true;
    const auto touches = [&](const auto& end) { return is_member[end.node]; };
    auto is_near = is_member;
    for (const auto& via : view.vias) {
        if (std::ranges::any_of(via.receivers, touches))
            for (const auto& one : via.emissions)
                is_near[one.node] = true;
        if (std::ranges::any_of(via.emissions, touches))
            for (const auto& one : via.receivers)
                is_near[one.node] = true;
    }
    std::vector<Index> near;
    for (Index node = 0; node < view.nodes.size(); ++node)
        if (is_near[node])
            near.push_back(node);
    return near;
}

} // namespace

Selection select_all(const ViewGraph& view) {
    Selection selection;
    for (Index node = 0; node < view.nodes.size(); ++node) {
        selection.drawn.push_back({view.nodes[node].name, node, 0});
        selection.by_node.emplace_back(node);
    }
    return selection;
}

Selection select_cyclic(const ViewGraph& view, const std::vector<Index>& wanted,
                        std::size_t nodes_max) {
    const auto members = groups_of(view, wanted);
    const auto near = one_step_around(view, members);
    std::set<Index> chosen;
    for (const auto* list : {&wanted, &members, &near})
        for (const auto node : *list)
            if (chosen.size() < nodes_max)
                chosen.insert(node);

    Selection selection;
    selection.by_node.resize(view.nodes.size());
    for (const auto node : chosen) {
        selection.by_node[node] = static_cast<Index>(selection.drawn.size());
        selection.drawn.push_back({view.nodes[node].name, node, 0});
    }
    selection.notes.push_back(
        fmt::format("shows {} of {} {}: the groups with a cycle, and one step around them",
                    chosen.size(), view.nodes.size(), to_text(view.view)));
    if (chosen.size() < near.size())
        selection.notes.push_back(fmt::format("{} more of these have no room in the picture",
                                              near.size() - chosen.size()));
    return selection;
}

} // namespace nodes
