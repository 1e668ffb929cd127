#include "mesh/graph/answers/flood.hpp"

#include <algorithm>

namespace mesh {

std::vector<Digraph::Vertex> Flood::way_to(Digraph::Vertex vertex) const {
    std::vector<Digraph::Vertex> way;
    for (auto at = vertex; at != none; at = parent[at])
        way.push_back(at);
    std::ranges::reverse(way);
    return way;
}

Flood flood(const Digraph& graph, std::span<const Digraph::Vertex> starts,
            Digraph::Vertex counted) {
    const auto count = graph.vertex_count();
    Flood result{{},
                 std::vector<Digraph::Vertex>(count, Flood::none),
                 std::vector<std::uint32_t>(count),
                 std::vector<bool>(count)};
    const auto reach = [&](Digraph::Vertex vertex, Digraph::Vertex parent) {
        if (result.is_reached[vertex])
            return;
        result.is_reached[vertex] = true;
        result.parent[vertex] = parent;
        result.weight[vertex] =
            (parent == Flood::none ? 0 : result.weight[parent]) + (vertex < counted ? 1 : 0);
        result.order.push_back(vertex);
    };
    for (const auto start : starts)
        reach(start, Flood::none);
    for (std::size_t next = 0; next < result.order.size(); ++next)
        for (const auto head : graph.heads(result.order[next]))
            reach(head, result.order[next]);
    return result;
}

} // namespace mesh
