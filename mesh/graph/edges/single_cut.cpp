#include "mesh/graph/edges/single_cut.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>

namespace mesh {

namespace {

using Vertex = Digraph::Vertex;
using Position = std::uint32_t;

constexpr auto off_cycle = std::numeric_limits<Position>::max();

/// What is known of a vertex: its position on the cycle, and which positions lead to it or are
/// reached from it without edges of the cycle itself; only the extremes matter.
struct Reach {
    Position own = off_cycle;
    Position first_before = off_cycle;
    Position last_before = 0; ///< also when there is none
    Position first_behind = off_cycle;
};

/// `order` holds what is left of the graph, each vertex before those that it leads to.
std::vector<Reach> find_reach(const Digraph& graph, std::span<const Vertex> order,
                              const Cycle& cycle) {
    std::vector<Reach> reach(graph.vertex_count());
    for (std::size_t i = 0; i < cycle.size(); ++i)
        reach[cycle[i]].own = static_cast<Position>(i);
    // The cycle's own edges, which lead from a position to the next.
    const auto is_of_cycle = [&](const Reach& tail, const Reach& head) {
        return tail.own != off_cycle && head.own != off_cycle &&
               head.own == (tail.own + 1 == cycle.size() ? 0 : tail.own + 1);
    };
    const auto fetch = [&](Vertex head) { __builtin_prefetch(reach.data() + head, 1); };
    const auto forward = [&](Vertex vertex) {
        const auto tail = reach[vertex];
        const auto first = std::min(tail.first_before, tail.own);
        const auto last = std::max(tail.last_before, tail.own == off_cycle ? 0 : tail.own);
        for (const auto next : graph.heads(vertex)) {
            auto& head = reach[next];
            if (is_of_cycle(tail, head))
                continue;
            head.first_before = std::min(head.first_before, first);
            head.last_before = std::max(head.last_before, last);
        }
        return order.size();
    };
    const auto backward = [&](Vertex vertex) {
        auto& tail = reach[vertex];
        for (const auto next : graph.heads(vertex)) {
            const auto& head = reach[next];
            if (!is_of_cycle(tail, head))
                tail.first_behind = std::min({tail.first_behind, head.first_behind, head.own});
        }
        return order.size();
    };
    const auto last = order.size() - 1;
    walk_ahead(
        graph, order.size(), [&](std::size_t i) { return order[i]; }, fetch, forward);
    walk_ahead(
        graph, order.size(), [&](std::size_t i) { return order[last - i]; }, fetch, backward);
    return reach;
}

} // namespace

std::vector<Digraph::Edge> single_cuts(const Digraph& graph, const Peeling& peeling,
                                       const Cycle& cycle) {
    const auto edges = edges_of(cycle);
    const auto order = peel_on(graph, peeling, edges);
    if (peeling.count + order.size() < graph.vertex_count())
        return {}; // two cycles without a common edge

    // A way from position i to position j past the cycle makes a cycle together with the cycle's
    // edges from j round to i: the edges from i to j are not on it. An edge that no such way passes
    // is on every cycle: seen from behind it, ways and edges alike only lead on towards it.
    const auto reach = find_reach(graph, order, cycle);
    std::vector<int> change(cycle.size() + 1); // of how often an edge is passed
    const auto pass = [&](std::size_t from, std::size_t to) {
        ++change[from];
        --change[to];
    };
    for (std::size_t here = 0; here < cycle.size(); ++here) {
        const auto& known = reach[cycle[here]];
        if (known.first_before < here)
            pass(known.first_before, here);
        if (known.last_before > here)
            pass(0, here);
        if (known.first_behind < here)
            pass(here, cycle.size());
    }
    std::vector<Digraph::Edge> cuts;
    int passed = 0;
    for (std::size_t i = 0; i < cycle.size(); ++i) {
        passed += change[i];
        if (passed == 0)
            cuts.push_back(edges[i]);
    }
    return cuts;
}

} // namespace mesh
