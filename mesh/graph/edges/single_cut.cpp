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

/// What each vertex is reached from and reaches, in two passes: forward while the rest of the graph
/// is taken away without the cycle's edges, then backward.
class ReachSearch {
public:
    ReachSearch(const Digraph& graph, const Cycle& cycle)
        : graph_(graph),
          length_(static_cast<Position>(cycle.size())),
          reach_(graph.vertex_count(), Reach{}) {
        for (Position i = 0; i < length_; ++i)
            reach_[cycle[i]].own = i;
    }

    const Reach& of(Vertex vertex) const { return reach_[vertex]; }

    /// False when there is a cycle that has no edge in common with the given one.
    bool search(const Peeling& peeling, std::span<const Digraph::Edge> cycle) {
        const auto fetch = [&](Vertex head) { __builtin_prefetch(reach_.data() + head, 1); };
        const auto order = peel_on(graph_, peeling, cycle, fetch, [&](Vertex v) { forward(v); });
        if (peeling.count + order.size() < graph_.vertex_count())
            return false;
        walk_ahead(
            graph_, order.size(), [&](std::size_t i) { return order[order.size() - 1 - i]; }, fetch,
            [&](Vertex vertex) {
                backward(vertex);
                return order.size();
            });
        return true;
    }

private:
    /// The cycle's own edges, which lead from a position to the next.
    bool is_of_cycle(const Reach& tail, const Reach& head) const {
        return tail.own != off_cycle && head.own == (tail.own + 1 == length_ ? 0 : tail.own + 1);
    }

    void forward(Vertex vertex) {
        const auto tail = reach_[vertex];
        const auto first = std::min(tail.first_before, tail.own);
        const auto last = std::max(tail.last_before, tail.own == off_cycle ? 0 : tail.own);
        for (const auto next : graph_.heads(vertex)) {
            auto& head = reach_[next];
            if (is_of_cycle(tail, head))
                continue;
            head.first_before = std::min(head.first_before, first);
            head.last_before = std::max(head.last_before, last);
        }
    }

    void backward(Vertex vertex) {
        auto& tail = reach_[vertex];
        for (const auto next : graph_.heads(vertex)) {
            const auto& head = reach_[next];
            if (!is_of_cycle(tail, head))
                tail.first_behind = std::min({tail.first_behind, head.first_behind, head.own});
        }
    }

    const Digraph& graph_;
    Position length_;
    std::vector<Reach> reach_;
};

} // namespace

std::vector<Digraph::Edge> single_cuts(const Digraph& graph, const Peeling& peeling,
                                       const Cycle& cycle) {
    const auto edges = edges_of(cycle);
    ReachSearch reach(graph, cycle);
    if (!reach.search(peeling, edges))
        return {};

    // A way from position i to position j past the cycle makes a cycle together with the cycle's
    // edges from j round to i: the edges from i to j are not on it. An edge that no such way passes
    // is on every cycle: seen from behind it, ways and edges alike only lead on towards it.
    std::vector<int> change(cycle.size() + 1); // of how often an edge is passed
    const auto pass = [&](std::size_t from, std::size_t to) {
        ++change[from];
        --change[to];
    };
    for (std::size_t here = 0; here < cycle.size(); ++here) {
        const auto& known = reach.of(cycle[here]);
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
