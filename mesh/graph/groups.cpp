#include "mesh/graph/groups.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <unordered_map>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

/// The handlers by component; only components of two or more, in order of their first handlers.
std::vector<Group> gather(const Group& handlers, const std::vector<std::uint32_t>& component) {
    std::map<std::uint32_t, Group> by_component;
    for (std::size_t i = 0; i < handlers.size(); ++i)
        by_component[component[i]].push_back(handlers[i]);
    std::vector<Group> groups;
    for (auto& [number, members] : by_component)
        if (members.size() > 1)
            groups.push_back(std::move(members));
    std::ranges::sort(groups);
    return groups;
}

} // namespace

std::vector<Group> cyclic_groups(const InnerGraph& graph) {
    Group all(graph.handlers().size());
    for (Index h = 0; h < all.size(); ++h)
        all[h] = h;
    return gather(all, strong_components(graph.digraph({})));
}

GroupGraph::GroupGraph(const InnerGraph& graph, Group group)
    : group_(std::move(group)), vertex_count_(group_.size()) {
    std::unordered_map<Index, Digraph::Vertex> subscribed;
    std::unordered_map<Index, Digraph::Vertex> emitted;
    const auto vertex = [&](auto& numbers, Index pattern) {
        const auto [known, is_new] =
            numbers.emplace(pattern, static_cast<Digraph::Vertex>(vertex_count_));
        vertex_count_ += is_new ? 1 : 0;
        return known->second;
    };
    for (Digraph::Vertex v = 0; v < group_.size(); ++v)
        for (const auto number : graph.subscriptions_of(group_[v]))
            others_.emplace_back(vertex(subscribed, graph.subscriptions()[number].pattern), v);
    for (Digraph::Vertex v = 0; v < group_.size(); ++v) {
        for (const auto number : graph.emissions_of(group_[v])) {
            const auto pattern = graph.emissions()[number].pattern;
            const bool is_new = !emitted.contains(pattern);
            const auto from = vertex(emitted, pattern);
            emissions_.emplace_back(number, Digraph::Edge{v, from});
            if (!is_new)
                continue;
            for (const auto met : graph.met_by(pattern))
                if (const auto to = subscribed.find(met); to != subscribed.end())
                    others_.emplace_back(from, to->second);
        }
    }
}

Group GroupGraph::group_without(const std::vector<bool>& is_removed) const {
    auto edges = others_;
    for (const auto& [number, edge] : emissions_)
        if (!is_removed[number])
            edges.push_back(edge);
    auto groups = gather(group_, strong_components({vertex_count_, edges}));
    return groups.empty() ? Group{} : std::move(groups.front());
}

std::vector<SelfLoop> self_loops(const InnerGraph& graph) {
    constexpr auto none = std::numeric_limits<Index>::max();
    std::vector<SelfLoop> found;
    std::vector<Index> own(graph.subscribed().size(), none); // this handler's, by pattern
    for (Index h = 0; h < graph.handlers().size(); ++h) {
        for (const auto subscription : graph.subscriptions_of(h))
            own[graph.subscriptions()[subscription].pattern] = subscription;
        for (const auto emission : graph.emissions_of(h)) {
            for (const auto subscribed : graph.met_by(graph.emissions()[emission].pattern)) {
                if (own[subscribed] == none)
                    continue;
                found.push_back({emission, own[subscribed]});
                break;
            }
        }
        for (const auto subscription : graph.subscriptions_of(h))
            own[graph.subscriptions()[subscription].pattern] = none;
    }
    return found;
}

} // namespace mesh
