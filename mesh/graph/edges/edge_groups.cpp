#include "mesh/graph/edges/edge_groups.hpp"

#include <limits>
#include <utility>

namespace mesh {

namespace {

using Vertex = Digraph::Vertex;

constexpr auto none = std::numeric_limits<Vertex>::max();

/// Components of two or more vertices, in order of their first vertices.
std::vector<std::vector<Vertex>> large_components(const std::vector<std::uint32_t>& component) {
    std::vector<std::uint32_t> size(component.size());
    for (const auto number : component)
        if (number != none_left)
            ++size[number];
    std::vector<Vertex> group(component.size(), none);
    std::vector<std::vector<Vertex>> groups;
    for (Vertex v = 0; v < component.size(); ++v) {
        const auto number = component[v];
        if (number == none_left || size[number] < 2)
            continue;
        if (group[number] == none) {
            group[number] = static_cast<Vertex>(groups.size());
            groups.emplace_back().reserve(size[number]);
        }
        groups[group[number]].push_back(v);
    }
    return groups;
}

} // namespace

std::vector<EdgeGroup> edge_groups(const Digraph& graph, const Peeling& peeling) {
    const auto component = strong_components(graph, peeling);
    std::vector<Vertex> place(graph.vertex_count());         // in its group
    std::vector<Vertex> edge_to(graph.vertex_count(), none); // the last edge of the group to it
    std::vector<EdgeGroup> groups;
    for (auto& vertices : large_components(component)) {
        for (Vertex i = 0; i < vertices.size(); ++i)
            place[vertices[i]] = i;
        std::size_t edges_max = 0;
        for (const auto tail : vertices)
            edges_max += graph.heads(tail).size();
        std::vector<Digraph::Edge> edges;
        std::vector<std::uint32_t> lines;
        edges.reserve(edges_max);
        lines.reserve(edges_max);
        for (const auto tail : vertices) {
            const auto first_edge = edges.size();
            for (const auto head : graph.heads(tail)) {
                if (component[head] != component[tail])
                    continue;
                auto& edge = edge_to[head];
                if (edge != none && edge >= first_edge) {
                    ++lines[edge];
                    continue;
                }
                edge = static_cast<Vertex>(edges.size());
                edges.emplace_back(place[tail], place[head]);
                lines.push_back(1);
            }
        }
        for (const auto vertex : vertices)
            edge_to[vertex] = none;
        Digraph own(vertices.size(), edges);
        groups.push_back({std::move(vertices), std::move(edges), std::move(lines), std::move(own)});
    }
    return groups;
}

} // namespace mesh
