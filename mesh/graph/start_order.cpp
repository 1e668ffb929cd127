#include "mesh/graph/start_order.hpp"

#include "mesh/graph/digraph.hpp"
#include "mesh/graph/inner_graph.hpp"
#include "mesh/graph/service_graph.hpp"

#include <algorithm>

namespace mesh {

namespace {

using Vertex = Digraph::Vertex;

/// Components with their number of services on the longest way to them. Numbers of components
/// fall along the edges, so going down through them meets every tail before its heads.
std::vector<std::size_t> depths(const Digraph& graph, const std::vector<std::uint32_t>& component,
                                std::size_t service_count) {
    std::vector<std::vector<Vertex>> members(graph.vertex_count());
    for (Vertex v = 0; v < graph.vertex_count(); ++v)
        members[component[v]].push_back(v);
    std::vector<std::size_t> depth(graph.vertex_count());
    for (auto number = members.size(); number-- > 0;) {
        const auto is_service = [&](Vertex v) { return v < service_count; };
        const std::size_t step = std::ranges::any_of(members[number], is_service) ? 1 : 0;
        for (const auto tail : members[number])
            for (const auto head : graph.heads(tail))
                if (component[head] != number)
                    depth[component[head]] = std::max(depth[component[head]], depth[number] + step);
    }
    return depth;
}

} // namespace

std::vector<std::string> start_order(const GraphInput& input) {
    const InnerGraph inner(input);
    const ServiceGraph graph(inner, input);
    const auto& names = graph.services();
    const auto component = strong_components(graph.digraph());
    const auto depth = depths(graph.digraph(), component, names.size());
    std::vector<Vertex> order(names.size());
    for (Vertex service = 0; service < order.size(); ++service)
        order[service] = service;
    std::ranges::stable_sort(
        order, [&](Vertex a, Vertex b) { return depth[component[a]] > depth[component[b]]; });
    std::vector<std::string> ordered;
    ordered.reserve(order.size());
    for (const auto service : order)
        ordered.push_back(names[service]);
    return ordered;
}

} // namespace mesh
