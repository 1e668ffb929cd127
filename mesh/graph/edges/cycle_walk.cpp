#include "mesh/graph/edges/cycle_walk.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace mesh {

namespace {

using Vertex = Digraph::Vertex;

constexpr auto none = std::numeric_limits<Vertex>::max();

/// Breadth first from one vertex, again and again with the same memory.
class CycleWalk {
public:
    explicit CycleWalk(const Digraph& graph) : graph_(graph), before_(graph.vertex_count(), none) {}

    /// The shortest cycle through `start`; empty when there is none of fewer than `length_max`.
    Cycle through(Vertex start, std::size_t length_max, WorkLeft& work) {
        queue_.assign(1, start);
        Vertex last = none; // of the cycle
        std::size_t length = 1;
        std::size_t done = 0;
        std::size_t level_end = 1;
        const auto visit = [&](Vertex at) -> std::size_t {
            if (length >= length_max)
                return 0;
            if (look_from(at, start, work)) {
                last = at;
                return 0;
            }
            if (++done == level_end) {
                level_end = queue_.size();
                ++length;
            }
            return queue_.size();
        };
        walk_ahead(
            graph_, queue_.size(), [&](std::size_t i) { return queue_[i]; },
            [&](Vertex head) { __builtin_prefetch(before_.data() + head, 1); }, visit);
        Cycle cycle;
        if (last != none) {
            for (auto at = last; at != start; at = before_[at])
                cycle.push_back(at);
            cycle.push_back(start);
            std::ranges::reverse(cycle);
        }
        for (const auto vertex : queue_)
            before_[vertex] = none;
        return cycle;
    }

private:
    /// Whether an edge leads from here back to the start.
    bool look_from(Vertex at, Vertex start, WorkLeft& work) {
        const auto heads = graph_.heads(at);
        work.spend(heads.size());
        for (const auto head : heads) {
            if (head == start)
                return true;
            if (before_[head] == none) {
                before_[head] = at;
                queue_.push_back(head);
            }
        }
        return false;
    }

    const Digraph& graph_;
    std::vector<Vertex> before_;
    std::vector<Vertex> queue_;
};

} // namespace

std::vector<Digraph::Edge> edges_of(const Cycle& cycle) {
    std::vector<Digraph::Edge> edges;
    edges.reserve(cycle.size());
    for (std::size_t i = 0; i < cycle.size(); ++i)
        edges.emplace_back(cycle[i], cycle[i + 1 == cycle.size() ? 0 : i + 1]);
    return edges;
}

Cycle any_cycle(const Digraph& graph, const Peeling& peeling) {
    const auto count = static_cast<Vertex>(graph.vertex_count());
    assert(peeling.count < count);
    const auto* const remaining = peeling.remaining.data();
    std::vector<Vertex> before(count, none);
    Vertex start = none;
    for (Vertex tail = 0; tail < count; ++tail) {
        if (remaining[tail] == 0)
            continue;
        if (start == none)
            start = tail;
        for (const auto head : graph.heads(tail))
            before[head] = tail;
    }
    std::vector<bool> is_passed(count);
    auto at = start;
    for (; !is_passed[at]; at = before[at])
        is_passed[at] = true;
    Cycle cycle{at};
    for (auto back = before[at]; back != at; back = before[back])
        cycle.push_back(back);
    std::ranges::reverse(cycle);
    return cycle;
}

ShortestCycle shortest_cycle(const Digraph& graph, std::vector<Vertex> starts, WorkLeft& work) {
    std::ranges::sort(starts);
    starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
    CycleWalk walk(graph);
    ShortestCycle best{{}, true};
    for (const auto start : starts) {
        if (!best.cycle.empty() && work.is_over()) {
            best.is_proven = false;
            break;
        }
        const auto length_max = best.cycle.empty() ? graph.vertex_count() + 1 : best.cycle.size();
        auto found = walk.through(start, length_max, work);
        if (!found.empty())
            best.cycle = std::move(found);
        if (best.cycle.size() == 2)
            break;
    }
    assert(!best.cycle.empty());
    return best;
}

} // namespace mesh
