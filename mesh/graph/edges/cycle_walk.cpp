#include "mesh/graph/edges/cycle_walk.hpp"

#include <algorithm>
#include <limits>

namespace mesh {

namespace {

using Vertex = Digraph::Vertex;

constexpr auto none = std::numeric_limits<std::uint32_t>::max();

/// Breadth first from one vertex, again and again with the same memory.
class CycleWalk {
public:
    explicit CycleWalk(const Digraph& graph)
        : graph_(graph), arrival_(graph.vertex_count(), none), before_(graph.vertex_count()) {}

    std::vector<std::uint32_t> through(Vertex start, std::size_t length_max, WorkLeft& work) {
        queue_.assign(1, start);
        std::uint32_t closing = none;
        std::size_t next = 0;
        std::size_t level_end = 1;
        for (std::size_t length = 1; length < length_max && next < level_end; ++length) {
            for (; next < level_end && closing == none; ++next)
                closing = look_from(queue_[next], start, work);
            if (closing != none)
                break;
            level_end = queue_.size();
        }
        std::vector<std::uint32_t> edges;
        if (closing != none)
            edges = way_back(start, queue_[next - 1], closing);
        for (const auto vertex : queue_)
            arrival_[vertex] = none;
        return edges;
    }

private:
    /// The edge that leads from here back to the start, if there is one.
    std::uint32_t look_from(Vertex at, Vertex start, WorkLeft& work) {
        const auto heads = graph_.heads(at);
        work.spend(heads.size());
        auto edge = static_cast<std::uint32_t>(graph_.first_edge(at));
        for (const auto head : heads) {
            if (head == start)
                return edge;
            if (arrival_[head] == none) {
                arrival_[head] = edge;
                before_[head] = at;
                queue_.push_back(head);
            }
            ++edge;
        }
        return none;
    }

    std::vector<std::uint32_t> way_back(Vertex start, Vertex from, std::uint32_t closing) const {
        std::vector<std::uint32_t> edges{closing};
        for (auto at = from; at != start; at = before_[at])
            edges.push_back(arrival_[at]);
        std::ranges::reverse(edges);
        return edges;
    }

    const Digraph& graph_;
    std::vector<std::uint32_t> arrival_; ///< the edge by which each vertex was reached
    std::vector<Vertex> before_;
    std::vector<Vertex> queue_;
};

} // namespace

std::vector<std::uint32_t> shortest_cycle_through(const Digraph& graph, Vertex start,
                                                  std::size_t length_max, WorkLeft& work) {
    return CycleWalk(graph).through(start, length_max, work);
}

ShortestCycle shortest_cycle(const Digraph& graph, std::span<const Digraph::Edge> edges,
                             std::span<const std::uint32_t> cut, WorkLeft& work) {
    std::vector<Vertex> starts;
    for (const auto edge : cut)
        starts.push_back(edges[edge].second);
    std::ranges::sort(starts);
    const auto last = std::ranges::unique(starts);
    starts.erase(last.begin(), last.end());

    CycleWalk walk(graph);
    ShortestCycle best{{}, true};
    for (const auto start : starts) {
        if (!best.edges.empty() && work.is_over()) {
            best.is_proven = false;
            break;
        }
        const auto length_max = best.edges.empty() ? graph.vertex_count() + 1 : best.edges.size();
        auto found = walk.through(start, length_max, work);
        if (!found.empty())
            best.edges = std::move(found);
        if (best.edges.size() == 2)
            break;
    }
    return best;
}

} // namespace mesh
