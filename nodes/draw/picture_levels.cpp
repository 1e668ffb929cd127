#include "nodes/draw/picture_levels.hpp"

#include "mesh/graph/digraph.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace nodes {

namespace {

using Index = Picture::Index;
using mesh::Digraph;

template <class Wanted>
Digraph digraph_of(const Picture& picture, Wanted wanted) {
    std::vector<Digraph::Edge> edges;
    for (const auto& edge : picture.edges)
        if (edge.from != edge.to && !edge.rounds_max && wanted(edge))
            edges.emplace_back(edge.from, edge.to);
    return {picture.nodes.size(), edges};
}

void fill_levels(Picture& picture) {
    picture.levels.clear();
    for (Index node = 0; node < picture.nodes.size(); ++node) {
        const auto level = picture.nodes[node].level;
        if (picture.levels.size() <= level)
            picture.levels.resize(level + 1);
        picture.levels[level].push_back(node);
    }
}

/// A selection may leave a level without a node: the others move together.
void close_ranks(Picture& picture) {
    std::map<std::size_t, std::size_t> number;
    for (const auto& node : picture.nodes)
        number.emplace(node.level, 0);
    std::size_t next = 0;
    for (auto& [level, closed] : number)
        closed = next++;
    for (auto& node : picture.nodes)
        node.level = number[node.level];
}

} // namespace

void set_levels(Picture& picture) {
    const auto graph = digraph_of(picture, [](const auto& edge) { return !edge.is_cut; });
    const auto component = mesh::strong_components(graph);
    // Components are numbered against the edges: from the greatest number on, every cause comes
    // before its effect.
    std::vector<Index> order(picture.nodes.size());
    for (Index node = 0; node < order.size(); ++node)
        order[node] = node;
    std::ranges::stable_sort(order, [&](Index a, Index b) { return component[a] > component[b]; });
    std::vector<std::size_t> level(picture.nodes.size());
    for (const auto tail : order)
        for (const auto head : graph.heads(tail))
            if (component[head] != component[tail])
                level[component[head]] =
                    std::max(level[component[head]], level[component[tail]] + 1);
    for (Index node = 0; node < order.size(); ++node)
        picture.nodes[node].level = level[component[node]];
    fill_levels(picture);
}

void set_levels(const std::vector<std::vector<std::string>>& by_level, Picture& picture) {
    std::map<std::string, std::size_t> level;
    for (std::size_t i = 0; i < by_level.size(); ++i)
        for (const auto& name : by_level[i])
            level.emplace(name, i);
    for (auto& node : picture.nodes) {
        const auto found = level.find(node.name);
        node.level = found == level.end() ? 0 : found->second;
    }
    close_ranks(picture);
    fill_levels(picture);
}

void set_groups(Picture& picture) {
    const auto component =
        mesh::strong_components(digraph_of(picture, [](const auto&) { return true; }));
    std::vector<std::size_t> size(picture.nodes.size());
    for (const auto number : component)
        ++size[number];
    std::map<std::uint32_t, Index> number;
    for (Index node = 0; node < picture.nodes.size(); ++node)
        if (size[component[node]] > 1)
            picture.nodes[node].group =
                number.emplace(component[node], static_cast<Index>(number.size())).first->second;
    picture.group_count = number.size();
}

} // namespace nodes
