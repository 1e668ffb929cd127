#include "mesh/graph/digraph.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

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
}

std::vector<std::uint32_t> strong_components(const Digraph& graph) {
    // Pearce's algorithm with one number a vertex ("A space-efficient algorithm for finding
    // strongly connected components", 2016) and an explicit call stack. While a vertex is open its
    // number is when it was found, or the earliest such number it is known to reach; when its
    // component is complete, the component's number, counted down from the largest and so never
    // below any of an open vertex.
    constexpr std::uint32_t unseen = 0;
    const auto count = graph.vertex_count();
    std::vector<std::uint32_t> number(count, unseen);
    std::vector<Vertex> members; // closed, of components that are still open

    struct Call {
        Vertex vertex;
        std::uint32_t next;
        bool is_root; // so far
    };

    std::vector<Call> calls;
    std::uint32_t found = 1;
    const auto last = static_cast<std::uint32_t>(count) + 1;
    auto component = last;
    const auto open = [&](Vertex vertex) {
        number[vertex] = found++;
        calls.push_back({vertex, 0, true});
    };
    // Goes on with the vertex until one that was not seen stands before it.
    const auto go_on = [&](Call& call) {
        const auto heads = graph.heads(call.vertex);
        auto& own = number[call.vertex];
        for (; call.next < heads.size(); ++call.next) {
            const auto other = number[heads[call.next]];
            if (other == unseen)
                return false;
            if (other < own) {
                own = other;
                call.is_root = false;
            }
        }
        return true;
    };
    for (Vertex root = 0; root < count; ++root) {
        if (number[root] != unseen)
            continue;
        open(root);
        while (!calls.empty()) {
            auto& call = calls.back();
            if (!go_on(call)) {
                open(graph.heads(call.vertex)[call.next]);
                continue;
            }
            const auto vertex = call.vertex;
            const bool is_root = call.is_root;
            calls.pop_back();
            if (!is_root) {
                members.push_back(vertex);
                continue;
            }
            --found;
            for (; !members.empty() && number[members.back()] >= number[vertex];
                 members.pop_back()) {
                number[members.back()] = component;
                --found;
            }
            number[vertex] = component--;
        }
    }
    for (auto& one : number)
        one = last - one;
    return number;
}

Peeling peel(const Digraph& graph) {
    const auto count = static_cast<Vertex>(graph.vertex_count());
    // The queue is read ahead: starts twelve vertices before they are needed, heads eight, and what
    // is to be counted down four; of a vertex with many heads the first eight.
    constexpr std::size_t ahead = 12;
    constexpr std::size_t heads_ahead = 8;
    Peeling result{PagedArray<Vertex>(count + ahead), 0, {}, PagedArray<std::uint32_t>(count)};
    auto* const missing = result.remaining.data();
    auto* const order = result.order.data();
    for (Vertex tail = 0; tail < count; ++tail)
        for (const auto head : graph.heads(tail))
            ++missing[head];
    std::size_t end = 0;
    for (Vertex vertex = 0; vertex < count; ++vertex)
        if (missing[vertex] == 0)
            order[end++] = vertex;
    std::size_t next = 0;
    while (next < end) {
        const auto level_end = end;
        result.level_sizes.push_back(static_cast<std::uint32_t>(level_end - next));
        for (; next < level_end; ++next) {
            graph.fetch_start(order[next + 12]);
            graph.fetch_heads(order[next + 8]);
            const auto soon = graph.heads(order[next + 4]);
            for (const auto head : soon.first(std::min(soon.size(), heads_ahead)))
                __builtin_prefetch(missing + head, 1);
            for (const auto head : graph.heads(order[next]))
                if (--missing[head] == 0)
                    order[end++] = head;
        }
    }
    result.count = end;
    return result;
}

std::vector<Vertex> topological_order(const Digraph& graph) {
    const auto peeling = peel(graph);
    const auto order = peeling.order.first(peeling.count);
    return {order.begin(), order.end()};
}

} // namespace mesh
