#include "mesh/graph/edges/edge_levels.hpp"

#include <algorithm>

namespace mesh {

std::vector<std::uint32_t> edge_levels(const Digraph& graph, const Peeling& peeling,
                                       std::span<const Digraph::Vertex> order,
                                       std::span<const Digraph::Edge> removed) {
    using Vertex = Digraph::Vertex;
    const auto count = static_cast<Vertex>(graph.vertex_count());
    std::vector<std::uint32_t> level(count);
    const auto* next = peeling.order.data();
    for (std::uint32_t row = 0; row < peeling.level_sizes.size(); ++row)
        for (std::uint32_t i = 0; i < peeling.level_sizes[row]; ++i)
            level[*next++] = row;
    if (order.empty())
        return level;

    // What stayed begins behind what was taken away. By number, so that heads are read in a row.
    const auto* const remaining = peeling.remaining.data();
    for (Vertex tail = 0; tail < count; ++tail)
        if (remaining[tail] == 0)
            for (const auto head : graph.heads(tail))
                if (remaining[head] > 0)
                    level[head] = std::max(level[head], level[tail] + 1);
    const EdgeSet gone(count, removed);
    walk_ahead(
        graph, order.size(), [&](std::size_t i) { return order[i]; },
        [&](Vertex head) { __builtin_prefetch(level.data() + head, 1); },
        [&](Vertex tail) {
            const bool is_whole = !gone.has_tail(tail);
            for (const auto head : graph.heads(tail))
                if (is_whole || !gone.has(tail, head))
                    level[head] = std::max(level[head], level[tail] + 1);
            return order.size();
        });
    return level;
}

} // namespace mesh
