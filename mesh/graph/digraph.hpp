#pragma once

#include "mesh/base/paged_array.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace mesh {

/// A directed graph of numbered vertices: one array of heads, one of where each vertex's heads
/// begin. At most 2^32 - 1 edges.
class Digraph {
public:
    using Vertex = std::uint32_t;
    using Edge = std::pair<Vertex, Vertex>; ///< tail, head

    Digraph(std::size_t vertex_count, std::span<const Edge> edges);

    std::size_t vertex_count() const { return starts_.size() - 2; }

    std::size_t edge_count() const { return heads_.size(); }

    std::span<const Vertex> heads(Vertex tail) const {
        const auto* const begin = heads_.data() + starts_[tail];
        const auto* const end = heads_.data() + starts_[tail + 1];
        if (is_thin() && end - begin == 1)
            return {sole_heads_.data() + tail, 1};
        return {begin, end};
    }

    /// How many edges lead from vertices of a smaller number.
    std::size_t first_edge(Vertex tail) const { return starts_[tail]; }

    /// Starts to fetch the heads of a vertex, in two steps that lie some vertices apart.
    void fetch_start(Vertex tail) const {
        __builtin_prefetch(starts_.data() + tail);
        if (is_thin())
            __builtin_prefetch(sole_heads_.data() + tail);
    }

    void fetch_heads(Vertex tail) const { __builtin_prefetch(heads_.data() + starts_[tail]); }

private:
    bool is_thin() const { return sole_heads_.size() > 0; }

    PagedArray<std::uint32_t> starts_; ///< one more than needed, from building
    PagedArray<Vertex> heads_;

    /// Of a graph with few edges, the head of each vertex that has one, once more: along a chain,
    /// where nothing can be fetched ahead, the next vertex is then one wait for memory away instead
    /// of two.
    PagedArray<Vertex> sole_heads_;
};

/// Calls `visit` for one vertex of the order after the other, and before, some vertices ahead,
/// `fetch_head` for heads of each: in a large graph most of the time is waiting for memory, and so
/// the memory is on its way in time. Starts are fetched twelve vertices ahead, heads eight, and
/// what is known of heads four; of a vertex with many heads for the first eight. `order(i)` is the
/// i-th of the vertices, as far as they are known; `visit` may make more known, and says how many
/// are there.
template <class Order, class FetchHead, class Visit>
void walk_ahead(const Digraph& graph, std::size_t count, Order order, FetchHead fetch_head,
                Visit visit) {
    constexpr std::size_t heads_max = 8;
    for (std::size_t i = 0; i < count; ++i) {
        if (i + 12 < count)
            graph.fetch_start(order(i + 12));
        if (i + 8 < count)
            graph.fetch_heads(order(i + 8));
        if (i + 4 < count) {
            const auto soon = graph.heads(order(i + 4));
            for (const auto head : soon.first(std::min(soon.size(), heads_max)))
                fetch_head(head);
        }
        count = visit(order(i));
    }
}

/// Edges, for asking whether one is among them. Most vertices have none, and those cost one look.
class EdgeSet {
public:
    EdgeSet(std::size_t vertex_count, std::span<const Digraph::Edge> edges);

    bool has_tail(Digraph::Vertex tail) const { return has_tail_[tail]; }

    bool has(Digraph::Vertex tail, Digraph::Vertex head) const {
        return has_tail(tail) && std::ranges::binary_search(edges_, Digraph::Edge(tail, head));
    }

    /// Sorted, without repetition.
    const std::vector<Digraph::Edge>& edges() const { return edges_; }

private:
    std::vector<Digraph::Edge> edges_;
    std::vector<bool> has_tail_;
};

/// The strongly connected component of each vertex, numbered against the direction of the edges:
/// an edge leads to the same or a smaller number. Iterative: a graph may be deep.
std::vector<std::uint32_t> strong_components(const Digraph& graph);

/// Vertices taken away one after the other, each once no edge leads to it any more (Kahn's
/// algorithm). What is on a cycle, or behind one, stays.
struct Peeling {
    PagedArray<Digraph::Vertex> order; ///< the first `count` of them
    std::size_t count = 0;

    /// How many vertices are on the longest way among them.
    std::size_t level_count = 0;

    /// How many edges lead to each vertex from those that stay.
    PagedArray<std::uint32_t> remaining;
};

Peeling peel(const Digraph& graph);

/// Goes on where the peeling stopped, as if the removed edges were not there: what it takes away
/// then, in order. Parallel edges are removed together. Calls `visit` for each vertex in that
/// order, and before, as walk_ahead does, `fetch_head`.
template <class FetchHead, class Visit>
std::vector<Digraph::Vertex> peel_on(const Digraph& graph, const Peeling& peeling,
                                     std::span<const Digraph::Edge> removed, FetchHead fetch_head,
                                     Visit visit) {
    const auto count = graph.vertex_count();
    const EdgeSet gone(count, removed);
    std::vector<std::uint32_t> missing(peeling.remaining.data(), peeling.remaining.data() + count);
    std::vector<Digraph::Vertex> order;
    order.reserve(count - peeling.count);
    for (const auto& [tail, head] : gone.edges()) {
        missing[head] -= static_cast<std::uint32_t>(std::ranges::count(graph.heads(tail), head));
        if (missing[head] == 0)
            order.push_back(head);
    }
    walk_ahead(
        graph, order.size(), [&](std::size_t i) { return order[i]; },
        [&](Digraph::Vertex head) {
            __builtin_prefetch(missing.data() + head, 1);
            fetch_head(head);
        },
        [&](Digraph::Vertex tail) {
            visit(tail);
            const bool is_whole = !gone.has_tail(tail);
            for (const auto head : graph.heads(tail))
                if ((is_whole || !gone.has(tail, head)) && --missing[head] == 0)
                    order.push_back(head);
            return order.size();
        });
    return order;
}

/// The same, only for the order.
inline std::vector<Digraph::Vertex> peel_on(const Digraph& graph, const Peeling& peeling,
                                            std::span<const Digraph::Edge> removed) {
    return peel_on(
        graph, peeling, removed, [](Digraph::Vertex) {}, [](Digraph::Vertex) {});
}

/// The components of what the peeling left; `none_left` for what it took away.
std::vector<std::uint32_t> strong_components(const Digraph& graph, const Peeling& peeling);

constexpr std::uint32_t none_left = 0xffff'ffff;

/// The vertices in an order in which every edge leads forward, as far as there is one: vertices on
/// a cycle, and behind one, are missing.
std::vector<Digraph::Vertex> topological_order(const Digraph& graph);

} // namespace mesh
