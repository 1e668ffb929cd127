#include "mesh/graph/edges/single_cut.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace mesh {

namespace {

using Vertex = Digraph::Vertex;
using Position = std::int64_t;

constexpr auto off_cycle = std::numeric_limits<Position>::max();

/// Of each vertex, which positions of the cycle lead to it or are reached from it, without edges of
/// the cycle itself; only the extremes matter.
struct Reach {
    std::vector<Position> first_before;
    std::vector<Position> last_before;
    std::vector<Position> first_behind;
};

Reach find_reach(const Digraph& graph, const Peeling& peeling,
                 const std::vector<Position>& position) {
    const auto count = graph.vertex_count();
    Reach reach{std::vector(count, off_cycle), std::vector(count, Position{-1}),
                std::vector(count, off_cycle)};
    const auto order = peeling.order.first(count);
    for (const auto tail : order) {
        const auto own = position[tail];
        const auto first = std::min(reach.first_before[tail], own);
        const auto last = std::max(reach.last_before[tail], own == off_cycle ? -1 : own);
        for (const auto head : graph.heads(tail)) {
            reach.first_before[head] = std::min(reach.first_before[head], first);
            reach.last_before[head] = std::max(reach.last_before[head], last);
        }
    }
    for (auto i = order.size(); i-- > 0;) {
        auto& first = reach.first_behind[order[i]];
        for (const auto head : graph.heads(order[i]))
            first = std::min({first, reach.first_behind[head], position[head]});
    }
    return reach;
}

} // namespace

std::vector<std::uint32_t> single_cuts(const EdgeGroup& group,
                                       const std::vector<std::uint32_t>& cycle) {
    const auto length = static_cast<Position>(cycle.size());
    std::vector<Position> position(group.members.size(), off_cycle);
    std::vector<bool> is_on_cycle(group.edges.size());
    for (std::size_t i = 0; i < cycle.size(); ++i) {
        position[group.edges[cycle[i]].first] = static_cast<Position>(i);
        is_on_cycle[cycle[i]] = true;
    }
    std::vector<Digraph::Edge> others;
    for (std::size_t i = 0; i < group.edges.size(); ++i)
        if (!is_on_cycle[i])
            others.push_back(group.edges[i]);
    const Digraph graph(group.members.size(), others);
    const auto peeling = peel(graph);
    if (peeling.count < group.members.size())
        return {}; // two cycles without a common edge

    // A way from position i to position j past the cycle makes a cycle together with the cycle's
    // edges from j round to i: the edges from i to j are not on it. An edge that no such way passes
    // is on every cycle: seen from behind it, ways and edges alike only lead on towards it.
    const auto reach = find_reach(graph, peeling, position);
    std::vector<int> change(cycle.size() + 1); // of how often an edge is passed
    const auto pass = [&](Position from, Position to) {
        ++change[static_cast<std::size_t>(from)];
        --change[static_cast<std::size_t>(to)];
    };
    for (Position here = 0; here < length; ++here) {
        const auto vertex = group.edges[cycle[static_cast<std::size_t>(here)]].first;
        if (reach.first_before[vertex] < here)
            pass(reach.first_before[vertex], here);
        if (reach.last_before[vertex] > here)
            pass(0, here);
        if (reach.first_behind[vertex] < here)
            pass(here, length);
    }
    std::vector<std::uint32_t> cuts;
    int passed = 0;
    for (std::size_t i = 0; i < cycle.size(); ++i) {
        passed += change[i];
        if (passed == 0)
            cuts.push_back(cycle[i]);
    }
    return cuts;
}

} // namespace mesh
