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

/// Which positions of the cycle lead to one of its vertices past the cycle, and which it reaches
/// so; only the extremes matter.
struct Bypasses {
    Position first_before = off_cycle;
    Position last_before = 0; ///< also when there is none
    Position first_behind = off_cycle;
};

/// Finds them in two passes: forward while the rest of the graph is taken away without the cycle's
/// edges, then backward.
class BypassSearch {
public:
    BypassSearch(const Digraph& graph, const Cycle& cycle)
        : graph_(graph),
          position_(graph.vertex_count(), off_cycle),
          found_(cycle.size()),
          before_(graph.vertex_count()),
          behind_(graph.vertex_count(), off_cycle) {
        for (Position i = 0; i < cycle.size(); ++i)
            position_[cycle[i]] = i;
    }

    /// By position. Empty when there is a cycle that has no edge in common with the given one.
    std::vector<Bypasses> search(const Peeling& peeling, std::span<const Digraph::Edge> cycle) {
        const auto order = peel_on(
            graph_, peeling, cycle,
            [&](Vertex head) { __builtin_prefetch(before_.data() + head, 1); },
            [&](Vertex vertex) { forward(vertex); });
        if (peeling.count + order.size() < graph_.vertex_count())
            return {};
        walk_ahead(
            graph_, order.size(), [&](std::size_t i) { return order[order.size() - 1 - i]; },
            [&](Vertex head) { __builtin_prefetch(behind_.data() + head); },
            [&](Vertex vertex) {
                backward(vertex);
                return order.size();
            });
        return std::move(found_);
    }

private:
    struct Range {
        Position first = off_cycle;
        Position last = 0;
    };

    /// Where the cycle itself leads on from a position; nowhere from off the cycle.
    Position next_position(Position own) const {
        if (own == off_cycle)
            return off_cycle;
        return own + 1 == found_.size() ? 0 : own + 1;
    }

    bool is_of_cycle(Position next, Vertex head) const {
        return next != off_cycle && position_[head] == next;
    }

    void forward(Vertex vertex) {
        auto range = before_[vertex];
        const auto own = position_[vertex];
        if (own != off_cycle) {
            found_[own].first_before = range.first;
            found_[own].last_before = range.last;
            range = {std::min(range.first, own), std::max(range.last, own)};
        }
        if (range.first == off_cycle)
            return;
        const auto next = next_position(own);
        for (const auto head : graph_.heads(vertex)) {
            if (is_of_cycle(next, head))
                continue;
            auto& there = before_[head];
            there = {std::min(there.first, range.first), std::max(there.last, range.last)};
        }
    }

    void backward(Vertex vertex) {
        const auto own = position_[vertex];
        const auto next = next_position(own);
        auto first = off_cycle;
        for (const auto head : graph_.heads(vertex))
            if (!is_of_cycle(next, head))
                first = std::min(first, behind_[head]);
        if (own != off_cycle)
            found_[own].first_behind = first;
        behind_[vertex] = std::min(first, own);
    }

    const Digraph& graph_;
    std::vector<Position> position_;
    std::vector<Bypasses> found_;  ///< by position
    std::vector<Range> before_;    ///< the positions that lead to each vertex
    std::vector<Position> behind_; ///< the first position that each vertex is or reaches
};

} // namespace

std::vector<Digraph::Edge> single_cuts(const Digraph& graph, const Peeling& peeling,
                                       const Cycle& cycle) {
    const auto edges = edges_of(cycle);
    const auto bypasses = BypassSearch(graph, cycle).search(peeling, edges);

    // A way from position i to position j past the cycle makes a cycle together with the cycle's
    // edges from j round to i: the edges from i to j are not on it. An edge that no such way passes
    // is on every cycle: seen from behind it, ways and edges alike only lead on towards it.
    std::vector<int> change(cycle.size() + 1); // of how often an edge is passed
    const auto pass = [&](std::size_t from, std::size_t to) {
        ++change[from];
        --change[to];
    };
    for (std::size_t here = 0; here < bypasses.size(); ++here) {
        const auto& known = bypasses[here];
        if (known.first_before < here)
            pass(known.first_before, here);
        if (known.last_before > here)
            pass(0, here);
        if (known.first_behind < here)
            pass(here, cycle.size());
    }
    std::vector<Digraph::Edge> cuts;
    int passed = 0;
    for (std::size_t i = 0; i < bypasses.size(); ++i) {
        passed += change[i];
        if (passed == 0)
            cuts.push_back(edges[i]);
    }
    return cuts;
}

} // namespace mesh
