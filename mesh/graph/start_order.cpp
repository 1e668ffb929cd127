#include "mesh/graph/start_order.hpp"

#include "mesh/graph/digraph.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <algorithm>
#include <map>

namespace mesh {

namespace {

using Vertex = Digraph::Vertex;

/// Services first, then the patterns of the inner graph.
Digraph service_graph(const InnerGraph& graph, const std::map<std::string, Vertex>& services) {
    const auto emitted_start = static_cast<Vertex>(services.size());
    const auto subscribed_start = emitted_start + static_cast<Vertex>(graph.emitted().size());
    std::vector<Digraph::Edge> edges;
    for (const auto& emission : graph.emissions())
        edges.emplace_back(services.at(graph.handlers()[emission.handler].service),
                           emitted_start + emission.pattern);
    for (const auto& source : graph.sources())
        if (!source.service.empty() && !source.is_loop)
            edges.emplace_back(services.at(source.service), emitted_start + source.pattern);
    for (Vertex e = 0; e < graph.emitted().size(); ++e)
        for (const auto s : graph.met_by(e))
            edges.emplace_back(emitted_start + e, subscribed_start + s);
    for (const auto& one : graph.subscriptions())
        edges.emplace_back(subscribed_start + one.pattern,
                           services.at(graph.handlers()[one.handler].service));
    return {subscribed_start + graph.subscribed().size(), edges};
}

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
    std::map<std::string, Vertex> services;
    for (const auto& declared : input.contracts)
        services.emplace(declared.contract.service, 0);
    std::vector<std::string> names;
    for (auto& [name, number] : services) {
        number = static_cast<Vertex>(names.size());
        names.push_back(name);
    }
    const InnerGraph inner(input);
    const auto graph = service_graph(inner, services);
    const auto component = strong_components(graph);
    const auto depth = depths(graph, component, services.size());
    std::ranges::stable_sort(names, [&](const std::string& a, const std::string& b) {
        return depth[component[services.at(a)]] > depth[component[services.at(b)]];
    });
    return names;
}

} // namespace mesh
