#include "mesh/graph/digraph.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace mesh {

using Vertex = Digraph::Vertex;

Digraph::Digraph(std::size_t vertex_count, std::span<const Edge> edges)
    : starts_(vertex_count + 2), heads_(edges.size()) {
    assert(edges.size() <= std::numeric_limits<std::uint32_t>::max());
    // Counted two places further on: filling moves each start to where its vertex ends, which is
    // where the next one begins, and no second array is needed.
    auto* const starts = starts_.data();
    auto* const heads = heads_.data();
    for (const auto& [tail, head] : edges)
        ++starts[tail + 2];
    for (std::size_t i = 2; i < starts_.size(); ++i)
        starts[i] += starts[i - 1];
    for (const auto& [tail, head] : edges)
        heads[starts[tail + 1]++] = head;
    if (edges.size() >= 2 * vertex_count)
        return;
    sole_heads_ = PagedArray<Vertex>(vertex_count);
    for (std::size_t tail = 0; tail < vertex_count; ++tail)
        if (starts[tail + 1] > starts[tail])
            sole_heads_[tail] = heads[starts[tail]];
}

namespace {

/// Pearce's algorithm with one number a vertex ("A space-efficient algorithm for finding strongly
/// connected components", 2016) and an explicit call stack. While a vertex is open its number is
/// when it was found, or the earliest such number it is known to reach; when its component is
/// complete, the component's number, counted down from the largest and so never below that of an
/// open vertex.
class Components {
public:
    explicit Components(const Digraph& graph)
        : graph_(graph),
          number_(graph.vertex_count()),
          last_(static_cast<std::uint32_t>(graph.vertex_count()) + 1),
          component_(last_) {}

    void leave_out(Vertex vertex) { number_[vertex] = none_left; }

    std::vector<std::uint32_t> find() {
        for (Vertex root = 0; root < number_.size(); ++root) {
            if (number_[root] != unseen)
                continue;
            open(root);
            while (!calls_.empty())
                go_on();
        }
        for (auto& one : number_)
            if (one != none_left)
                one = last_ - one;
        return std::move(number_);
    }

private:
    static constexpr std::uint32_t unseen = 0;

    struct Call {
        Vertex vertex;
        bool is_root; // so far
        const Vertex* next;
        const Vertex* end;
    };

    void open(Vertex vertex) {
        number_[vertex] = found_++;
        const auto heads = graph_.heads(vertex);
        calls_.push_back({vertex, true, heads.data(), heads.data() + heads.size()});
    }

    /// Goes on with the last call until one that was not seen stands before it, or to its end.
    void go_on() {
        auto& call = calls_.back();
        auto own = number_[call.vertex];
        for (; call.next != call.end; ++call.next) {
            const auto other = number_[*call.next];
            if (other == unseen) {
                number_[call.vertex] = own;
                open(*call.next);
                return;
            }
            if (other < own) {
                own = other;
                call.is_root = false;
            }
        }
        number_[call.vertex] = own;
        const auto [vertex, is_root, next, end] = call;
        calls_.pop_back();
        if (is_root)
            complete(vertex, own);
        else
            members_.push_back(vertex);
    }

    void complete(Vertex root, std::uint32_t own) {
        --found_;
        for (; !members_.empty() && number_[members_.back()] >= own; members_.pop_back()) {
            number_[members_.back()] = component_;
            --found_;
        }
        number_[root] = component_--;
    }

    const Digraph& graph_;
    std::vector<std::uint32_t> number_;
    std::vector<Vertex> members_; ///< closed, of components that are still open
    std::vector<Call> calls_;
    std::uint32_t last_;
    std::uint32_t component_;
    std::uint32_t found_ = 1;
};

} // namespace

std::vector<std::uint32_t> strong_components(const Digraph& graph) {
    return Components(graph).find();
}

std::vector<std::uint32_t> strong_components(const Digraph& graph, const Peeling& peeling) {
    Components components(graph);
    for (const auto vertex : peeling.order.first(peeling.count))
        components.leave_out(vertex);
    return components.find();
}

Peeling peel(const Digraph& graph) {
    const auto count = static_cast<Vertex>(graph.vertex_count());
    Peeling result{PagedArray<Vertex>(count), 0, 0, PagedArray<std::uint32_t>(count)};
    auto* const missing = result.remaining.data();
    auto* const order = result.order.data();
    for (Vertex tail = 0; tail < count; ++tail)
        for (const auto head : graph.heads(tail))
            ++missing[head];
    std::size_t end = 0;
    for (Vertex vertex = 0; vertex < count; ++vertex)
        if (missing[vertex] == 0)
            order[end++] = vertex;
    // Vertices of one level, as far below the first ones, stand side by side.
    std::size_t level_end = end;
    std::size_t done = 0;
    result.level_count = end > 0 ? 1 : 0;
    walk_ahead(
        graph, end, [&](std::size_t i) { return order[i]; },
        [&](Vertex head) { __builtin_prefetch(missing + head, 1); },
        [&](Vertex tail) {
            for (const auto head : graph.heads(tail))
                if (--missing[head] == 0)
                    order[end++] = head;
            if (++done == level_end && end > level_end) {
                level_end = end;
                ++result.level_count;
            }
            return end;
        });
    result.count = end;
    return result;
}

EdgeSet::EdgeSet(std::size_t vertex_count, std::span<const Digraph::Edge> edges)
    : edges_(edges.begin(), edges.end()), has_tail_(vertex_count) {
    std::ranges::sort(edges_);
    edges_.erase(std::unique(edges_.begin(), edges_.end()), edges_.end());
    for (const auto& edge : edges_)
        has_tail_[edge.first] = true;
}

std::vector<Vertex> topological_order(const Digraph& graph) {
    const auto peeling = peel(graph);
    const auto order = peeling.order.first(peeling.count);
    return {order.begin(), order.end()};
}

} // namespace mesh
