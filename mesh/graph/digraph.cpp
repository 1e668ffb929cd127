#include "mesh/graph/digraph.hpp"

#include <algorithm>
#include <limits>

namespace mesh {

Digraph::Digraph(std::size_t vertex_count, std::span<const Edge> edges)
    : starts_(vertex_count + 1), heads_(edges.size()) {
    for (const auto& [tail, head] : edges)
        ++starts_[tail + 1];
    for (std::size_t i = 1; i < starts_.size(); ++i)
        starts_[i] += starts_[i - 1];
    auto next = starts_;
    for (const auto& [tail, head] : edges)
        heads_[next[tail]++] = head;
}

std::vector<std::uint32_t> strong_components(const Digraph& graph) {
    // Tarjan's algorithm with an explicit call stack.
    using Vertex = Digraph::Vertex;
    constexpr auto unseen = std::numeric_limits<std::uint32_t>::max();
    const auto count = graph.vertex_count();
    std::vector<std::uint32_t> number(count, unseen); // in order of discovery
    std::vector<std::uint32_t> low(count);
    std::vector<std::uint32_t> component(count, unseen);
    std::vector<Vertex> members;

    struct Call {
        Vertex vertex;
        std::size_t next = 0;
    };

    std::vector<Call> calls;
    std::uint32_t discovered = 0;
    std::uint32_t component_count = 0;
    const auto discover = [&](Vertex vertex) {
        number[vertex] = low[vertex] = discovered++;
        members.push_back(vertex);
        calls.push_back({vertex});
    };
    for (Vertex root = 0; root < count; ++root) {
        if (number[root] != unseen)
            continue;
        discover(root);
        while (!calls.empty()) {
            auto& call = calls.back();
            const auto vertex = call.vertex;
            const auto heads = graph.heads(vertex);
            if (call.next < heads.size()) {
                const auto head = heads[call.next++];
                if (number[head] == unseen)
                    discover(head);
                else if (component[head] == unseen)
                    low[vertex] = std::min(low[vertex], number[head]);
                continue;
            }
            calls.pop_back();
            if (!calls.empty())
                low[calls.back().vertex] = std::min(low[calls.back().vertex], low[vertex]);
            if (low[vertex] != number[vertex])
                continue;
            for (Vertex member = unseen; member != vertex;) {
                member = members.back();
                members.pop_back();
                component[member] = component_count;
            }
            ++component_count;
        }
    }
    return component;
}

std::vector<Digraph::Vertex> topological_order(const Digraph& graph) {
    using Vertex = Digraph::Vertex;
    const auto count = static_cast<Vertex>(graph.vertex_count());
    std::vector<std::uint32_t> missing(count);
    for (Vertex tail = 0; tail < count; ++tail)
        for (const auto head : graph.heads(tail))
            ++missing[head];
    std::vector<Vertex> order;
    order.reserve(count);
    for (Vertex vertex = 0; vertex < count; ++vertex)
        if (missing[vertex] == 0)
            order.push_back(vertex);
    for (std::size_t next = 0; next < order.size(); ++next)
        for (const auto head : graph.heads(order[next]))
            if (--missing[head] == 0)
                order.push_back(head);
    return order;
}

} // namespace mesh
