#pragma once

#include "mesh/base/paged_array.hpp"

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
        return {heads_.data() + starts_[tail], heads_.data() + starts_[tail + 1]};
    }

    /// How many edges lead from vertices of a smaller number.
    std::size_t first_edge(Vertex tail) const { return starts_[tail]; }

    /// Starts to fetch the heads of a vertex, in two steps that lie some vertices apart.
    void fetch_start(Vertex tail) const { __builtin_prefetch(starts_.data() + tail); }

    void fetch_heads(Vertex tail) const { __builtin_prefetch(heads_.data() + starts_[tail]); }

private:
    PagedArray<std::uint32_t> starts_; ///< one more than needed, from building
    PagedArray<Vertex> heads_;
};

/// The strongly connected component of each vertex, numbered against the direction of the edges:
/// an edge leads to the same or a smaller number. Iterative: a graph may be deep.
std::vector<std::uint32_t> strong_components(const Digraph& graph);

/// Vertices taken away one after the other, each once no edge leads to it any more (Kahn's
/// algorithm). What is on a cycle, or behind one, stays.
struct Peeling {
    PagedArray<Digraph::Vertex> order; ///< the first `count` of them
    std::size_t count = 0;

    /// How many of the order are on each level: a vertex to which no edge leads is on level 0, any
    /// other one behind the deepest vertex that leads to it.
    std::vector<std::uint32_t> level_sizes;

    /// How many edges lead to each vertex from those that stay.
    PagedArray<std::uint32_t> remaining;
};

Peeling peel(const Digraph& graph);

/// The vertices in an order in which every edge leads forward, as far as there is one: vertices on
/// a cycle, and behind one, are missing.
std::vector<Digraph::Vertex> topological_order(const Digraph& graph);

} // namespace mesh
