#include "mesh/graph/answers/reach_rows.hpp"

#include "mesh/graph/pattern_index.hpp"

#include <algorithm>

namespace mesh {

namespace {

using Vertex = Digraph::Vertex;

/// The graph with two vertices more for each event: one that causes what it causes, and behind
/// those one that is caused by what causes it.
Digraph with_events(const CausalGraph& graph, const std::vector<Pattern>& events) {
    const auto& inner = graph.inner();
    const PatternIndex subscribed(inner.subscribed());
    const PatternIndex emitted(inner.emitted());
    auto edges = edges_of(graph.forward());
    const auto first_cause = static_cast<Vertex>(graph.forward().vertex_count());
    const auto first_effect = first_cause + static_cast<Vertex>(events.size());
    for (Vertex i = 0; i < events.size(); ++i) {
        if (!std::ranges::binary_search(graph.events(), events[i]))
            continue;
        for (const auto s : subscribed.intersecting(events[i]))
            edges.emplace_back(first_cause + i, inner.subscribed_vertex(s));
        for (const auto e : emitted.intersecting(events[i]))
            edges.emplace_back(inner.emitted_vertex(e), first_effect + i);
    }
    return {first_effect + events.size(), edges};
}

} // namespace

ReachRows::ReachRows(const CausalGraph& graph, const std::vector<Pattern>& events)
    : rows_graph_(0, {}) {
    const auto whole = with_events(graph, events);
    const auto row = strong_components(whole);
    vertex_count_ = whole.vertex_count();
    for (const auto one : row)
        row_count_ = std::max<std::size_t>(row_count_, one + 1);
    auto edges = edges_of(whole);
    for (auto& [tail, head] : edges) {
        tail = row[tail];
        head = row[head];
    }
    std::erase_if(edges, [](const Digraph::Edge& edge) { return edge.first == edge.second; });
    std::ranges::sort(edges);
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    edge_count_ = edges.size();
    rows_graph_ = Digraph(row_count_, edges);
    const auto first_cause = graph.forward().vertex_count();
    const auto first_effect = first_cause + events.size();
    row_of_cause_.assign(row.begin() + static_cast<std::ptrdiff_t>(first_cause),
                         row.begin() + static_cast<std::ptrdiff_t>(first_effect));
    row_of_effect_.assign(row.begin() + static_cast<std::ptrdiff_t>(first_effect), row.end());
}

void ReachRows::compute(std::size_t first_word, std::size_t word_count) {
    word_count_ = word_count;
    rows_.assign(row_count_ * word_count, 0);
    const auto last = std::min(row_of_effect_.size(), 64 * (first_word + word_count));
    for (auto event = 64 * first_word; event < last; ++event)
        rows_[row_of_effect_[event] * word_count + event / 64 - first_word] |= Word{1}
                                                                               << (event % 64);
    // Edges lead to smaller numbers, so what a row takes over is complete.
    for (Vertex row = 0; row < row_count_; ++row)
        for (const auto head : rows_graph_.heads(row))
            for (std::size_t i = 0; i < word_count; ++i)
                rows_[row * word_count + i] |= rows_[head * word_count + i];
}

} // namespace mesh
