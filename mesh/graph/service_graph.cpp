#include "mesh/graph/service_graph.hpp"

#include <algorithm>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

std::vector<std::string> service_names(const GraphInput& input) {
    std::vector<std::string> names;
    for (const auto& declared : input.contracts)
        names.push_back(declared.contract.service);
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

Index number_of(const std::vector<std::string>& names, const std::string& name) {
    return static_cast<Index>(std::ranges::lower_bound(names, name) - names.begin());
}

std::vector<Index> services_of_handlers(const InnerGraph& graph,
                                        const std::vector<std::string>& services) {
    std::vector<Index> numbers;
    for (const auto& handler : graph.handlers())
        numbers.push_back(number_of(services, handler.service));
    return numbers;
}

std::vector<ServiceGraph::Output> all_outputs(const InnerGraph& graph,
                                              const std::vector<std::string>& services,
                                              const std::vector<Index>& service_of_handler) {
    std::vector<ServiceGraph::Output> outputs;
    for (const auto& emission : graph.emissions())
        outputs.push_back({service_of_handler[emission.handler], emission.pattern,
                           graph.handlers()[emission.handler].label(), emission.place});
    for (const auto& source : graph.sources())
        if (!source.service.empty() && !source.is_loop)
            outputs.push_back({number_of(services, source.service), source.pattern, source.service,
                               source.place});
    return outputs;
}

Digraph by_service(std::size_t service_count, const std::vector<ServiceGraph::Output>& outputs) {
    std::vector<Digraph::Edge> edges;
    for (Index i = 0; i < outputs.size(); ++i)
        edges.emplace_back(outputs[i].service, i);
    return {service_count, edges};
}

} // namespace

ServiceGraph::ServiceGraph(const InnerGraph& graph, const GraphInput& input)
    : graph_(graph),
      services_(service_names(input)),
      service_of_handler_(services_of_handlers(graph, services_)),
      outputs_(all_outputs(graph, services_, service_of_handler_)),
      outputs_by_service_(by_service(services_.size(), outputs_)),
      digraph_(make_digraph()) {}

Digraph ServiceGraph::make_digraph() const {
    const auto emitted_start = static_cast<Digraph::Vertex>(services_.size());
    const auto subscribed_start =
        emitted_start + static_cast<Digraph::Vertex>(graph_.emitted().size());
    std::vector<Digraph::Edge> edges;
    for (const auto& output : outputs_)
        edges.emplace_back(output.service, emitted_start + output.pattern);
    for (Index e = 0; e < graph_.emitted().size(); ++e)
        for (const auto s : graph_.met_by(e))
            edges.emplace_back(emitted_start + e, subscribed_start + s);
    for (const auto& one : graph_.subscriptions())
        edges.emplace_back(subscribed_start + one.pattern, service_of_handler_[one.handler]);
    return {subscribed_start + graph_.subscribed().size(), edges};
}

} // namespace mesh
