#include "mesh/graph/edges/edge_levels.hpp"

#include <algorithm>

namespace mesh {

std::vector<std::uint32_t> edge_levels(const Digraph& graph, const Peeling& peeling,
                                       std::span<const Digraph::Vertex> order,
                                       std::span<const Digraph::Edge> removed) {
    using Vertex = Digraph::Vertex;
    std::vector<std::uint32_t> level(graph.vertex_count());
    const EdgeSet gone(graph.vertex_count(), removed);
    const auto lead_on = [&](std::span<const Vertex> vertices) {
        for (const auto tail : vertices)
            for (const auto head : graph.heads(tail))
                if (!gone.has(tail, head))
                    level[head] = std::max(level[head], level[tail] + 1);
    };
    lead_on(peeling.order.first(peeling.count));
    lead_on(order);
    return level;
}

} // namespace mesh
