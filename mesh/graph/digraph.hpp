#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace mesh {

/// A directed graph of numbered vertices: one array of heads, one of where each vertex's heads
/// begin.
class Digraph {
public:
    using Vertex = std::uint32_t;
    using Edge = std::pair<Vertex, Vertex>; ///< tail, head

    Digraph(std::size_t vertex_count, std::span<const Edge> edges);

    std::size_t vertex_count() const { return starts_.size() - 1; }

    std::span<const Vertex> heads(Vertex tail) const {
        return {heads_.data() + starts_[tail], heads_.data() + starts_[tail + 1]};
    }

private:
    std::vector<std::size_t> starts_;
    std::vector<Vertex> heads_;
};

/// The strongly connected component of each vertex, numbered against the direction of the edges:
/// an edge leads to the same or a smaller number. Iterative: a graph may be deep.
std::vector<std::uint32_t> strong_components(const Digraph& graph);

/// The vertices in an order in which every edge leads forward, as far as there is one: vertices on
/// a cycle, and behind one, are missing.
std::vector<Digraph::Vertex> topological_order(const Digraph& graph);

} // namespace mesh
