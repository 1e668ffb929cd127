#include "mesh/graph/edges/edge_lines.hpp"

#include <algorithm>
#include <cstddef>

namespace mesh {

std::map<Digraph::Edge, std::vector<TextPosition>>
edge_lines(const EdgeList& list, std::span<const Digraph::Edge> wanted) {
    std::map<Digraph::Edge, std::vector<TextPosition>> lines;
    std::vector<bool> has_wanted(list.names.count()); // by tail, so that most edges cost one look
    for (const auto& edge : wanted) {
        lines.try_emplace(edge);
        has_wanted[edge.first] = true;
    }
    PlaceTrack::Walk walk(list.places);
    const auto edges = list.edges();
    for (std::size_t i = 0; i < edges.size(); ++i) {
        if (!has_wanted[edges[i].first])
            continue;
        const auto found = lines.find(edges[i]);
        if (found == lines.end())
            continue;
        walk.skip_to(2 * i);
        found->second.push_back(walk.next());
    }
    return lines;
}

} // namespace mesh
