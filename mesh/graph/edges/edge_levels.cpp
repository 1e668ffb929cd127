#include "mesh/graph/edges/edge_levels.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <vector>

namespace mesh {

std::vector<std::uint32_t> edge_levels(const Digraph& graph, const Peeling& peeling,
                                       std::span<const Digraph::Edge> removed) {
    using Vertex = Digraph::Vertex;
    const auto count = static_cast<Vertex>(graph.vertex_count());
    std::vector<std::uint32_t> level(count);
    const auto* next = peeling.order.data();
    for (std::uint32_t row = 0; row < peeling.level_sizes.size(); ++row)
        for (std::uint32_t i = 0; i < peeling.level_sizes[row]; ++i)
            level[*next++] = row;
    if (peeling.count == count)
        return level;

    // What stayed goes on where the peeling stopped, once the removed edges are gone.
    std::vector<Digraph::Edge> gone(removed.begin(), removed.end());
    std::ranges::sort(gone);
    std::vector<bool> loses(count);
    for (const auto& edge : gone)
        loses[edge.first] = true;
    const auto is_gone = [&](Vertex tail, Vertex head) {
        return loses[tail] && std::ranges::binary_search(gone, Digraph::Edge(tail, head));
    };
    std::vector<std::uint32_t> missing(peeling.remaining.data(), peeling.remaining.data() + count);
    std::vector<Vertex> order;
    for (Vertex tail = 0; tail < count; ++tail) {
        const bool stayed = peeling.remaining[tail] > 0;
        for (const auto head : graph.heads(tail)) {
            if (peeling.remaining[head] == 0)
                continue;
            if (!stayed)
                level[head] = std::max(level[head], level[tail] + 1);
            else if (is_gone(tail, head))
                --missing[head];
        }
    }
    for (Vertex v = 0; v < count; ++v)
        if (peeling.remaining[v] > 0 && missing[v] == 0)
            order.push_back(v);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto tail = order[i];
        for (const auto head : graph.heads(tail)) {
            if (is_gone(tail, head))
                continue;
            level[head] = std::max(level[head], level[tail] + 1);
            if (--missing[head] == 0)
                order.push_back(head);
        }
    }
    assert(peeling.count + order.size() == count); // the proof that the removed edges are a cut
    return level;
}

} // namespace mesh
