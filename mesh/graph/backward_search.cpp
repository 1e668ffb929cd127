#include "mesh/graph/backward_search.hpp"

namespace mesh {

namespace {

Digraph reversed(const Digraph& graph) {
    std::vector<Digraph::Edge> edges;
    edges.reserve(graph.edge_count());
    for (Digraph::Vertex tail = 0; tail < graph.vertex_count(); ++tail)
        for (const auto head : graph.heads(tail))
            edges.emplace_back(head, tail);
    return {graph.vertex_count(), edges};
}

} // namespace

BackwardSearch::BackwardSearch(const InnerGraph& graph)
    : reversed_(reversed(graph.digraph({}))), mark_(reversed_.vertex_count()) {}

void BackwardSearch::search(std::span<const Index> handlers) {
    ++search_;
    queue_.clear();
    for (const auto handler : handlers)
        arrive(handler);
    for (std::size_t next = 0; next < queue_.size(); ++next)
        for (const auto tail : reversed_.heads(queue_[next]))
            arrive(tail);
}

void BackwardSearch::arrive(Digraph::Vertex vertex) {
    ++cost_;
    if (mark_[vertex] == search_)
        return;
    mark_[vertex] = search_;
    queue_.push_back(vertex);
}

} // namespace mesh
