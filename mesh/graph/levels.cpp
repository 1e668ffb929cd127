#include "mesh/graph/levels.hpp"

#include <algorithm>
#include <cstdint>
#include <map>

namespace mesh {

Levels find_levels(const InnerGraph& graph, const std::vector<bool>& is_removed,
                   const std::vector<std::string>& named) {
    using Index = InnerGraph::Index;
    const auto digraph = graph.digraph(is_removed);
    const auto handler_count = static_cast<Digraph::Vertex>(graph.handlers().size());
    // No event stands before a timer, nor before a wildcard that no known event matches.
    constexpr std::int64_t nothing = -1;
    std::vector<std::int64_t> level(digraph.vertex_count(), nothing);
    for (Index e = 0; e < graph.emitted().size(); ++e)
        level[graph.emitted_vertex(e)] = 0;
    for (Index s = 0; s < graph.subscribed().size(); ++s)
        if (graph.subscribed()[s].is_topic())
            level[graph.subscribed_vertex(s)] = 0;
    for (const auto tail : topological_order(digraph)) {
        const auto step = tail < handler_count ? 1 : 0;
        for (const auto head : digraph.heads(tail))
            level[head] = std::max(level[head], level[tail] + step);
    }

    std::map<std::string, std::int64_t> by_name;
    for (const auto& name : named)
        by_name.emplace(name, 0);
    const auto note = [&](const Pattern& pattern, Digraph::Vertex vertex) {
        auto& known = by_name[pattern.text()];
        known = std::max(known, level[vertex]);
    };
    for (Index e = 0; e < graph.emitted().size(); ++e)
        note(graph.emitted()[e], graph.emitted_vertex(e));
    for (Index s = 0; s < graph.subscribed().size(); ++s)
        if (graph.subscribed()[s].is_topic())
            note(graph.subscribed()[s], graph.subscribed_vertex(s));

    Levels levels;
    for (const auto& [name, depth] : by_name) {
        const auto row = static_cast<std::size_t>(depth);
        if (levels.events.size() <= row)
            levels.events.resize(row + 1);
        levels.events[row].push_back(name);
    }
    levels.longest_chain = levels.events.size();
    return levels;
}

} // namespace mesh
