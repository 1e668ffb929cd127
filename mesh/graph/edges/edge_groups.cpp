#include "mesh/graph/edges/edge_groups.hpp"

#include <limits>
#include <utility>

namespace mesh {

namespace {

using Vertex = Digraph::Vertex;

constexpr auto none = std::numeric_limits<Vertex>::max();

/// What the peeling left, as a graph of its own. Edges from there never lead out of it.
struct Rest {
    std::vector<Vertex> members;
    Digraph graph;
};

Rest rest_of(const Digraph& graph, const Peeling& peeling) {
    std::vector<Vertex> members;
    PagedArray<Vertex> place(graph.vertex_count());
    for (Vertex v = 0; v < graph.vertex_count(); ++v) {
        if (peeling.remaining[v] == 0)
            continue;
        place[v] = static_cast<Vertex>(members.size());
        members.push_back(v);
    }
    std::vector<Digraph::Edge> edges;
    for (Vertex tail = 0; tail < members.size(); ++tail)
        for (const auto head : graph.heads(members[tail]))
            edges.emplace_back(tail, place[head]);
    Digraph rest(members.size(), edges);
    return {std::move(members), std::move(rest)};
}

/// Components of two or more vertices, in order of their first vertices.
std::vector<std::vector<Vertex>> large_components(const std::vector<std::uint32_t>& component) {
    std::vector<std::uint32_t> size(component.size());
    for (const auto number : component)
        ++size[number];
    std::vector<Vertex> group(component.size(), none);
    std::vector<std::vector<Vertex>> groups;
    for (Vertex v = 0; v < component.size(); ++v) {
        const auto number = component[v];
        if (size[number] < 2)
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
    const auto rest = rest_of(graph, peeling);
    const auto component = strong_components(rest.graph);
    std::vector<Vertex> place(rest.members.size());         // in its group
    std::vector<Vertex> edge_to(rest.members.size(), none); // the last edge of the group to it
    std::vector<EdgeGroup> groups;
    for (auto& vertices : large_components(component)) {
        for (Vertex i = 0; i < vertices.size(); ++i)
            place[vertices[i]] = i;
        std::vector<Digraph::Edge> edges;
        std::vector<std::uint32_t> lines;
        for (const auto tail : vertices) {
            const auto first_edge = edges.size();
            for (const auto head : rest.graph.heads(tail)) {
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
        for (auto& vertex : vertices) {
            edge_to[vertex] = none;
            vertex = rest.members[vertex];
        }
        Digraph own(vertices.size(), edges);
        groups.push_back({std::move(vertices), std::move(edges), std::move(lines), std::move(own)});
    }
    return groups;
}

} // namespace mesh
