#pragma once

#include "mesh/graph/digraph.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <span>
#include <string>
#include <vector>

namespace mesh {

/// The coarse view of the graph: a service leads to another when it emits or publishes what the
/// other listens to, whatever causes it. It has a cycle wherever the events have one, and others
/// that are none: it does not know which of a service's inputs causes which of its outputs.
/// The inner graph has to outlive it.
class ServiceGraph {
public:
    using Index = InnerGraph::Index;

    /// What a service emits or publishes. Allowed loops are not among it.
    struct Output {
        Index service;
        Index pattern;       ///< in `emitted()` of the inner graph
        std::string emitter; ///< SERVICE.HANDLER, or SERVICE when it publishes by itself
        Place place;
    };

    ServiceGraph(const InnerGraph& graph, const GraphInput& input);

    /// All names, sorted.
    const std::vector<std::string>& services() const { return services_; }

    Index service_of(Index handler) const { return service_of_handler_[handler]; }

    const std::vector<Output>& outputs() const { return outputs_; }

    /// The numbers of one service's outputs: what its handlers emit, then what it publishes.
    std::span<const Index> outputs_of(Index service) const {
        return outputs_by_service_.heads(service);
    }

    /// Services, then emitted, then subscribed patterns as vertices of one graph.
    const Digraph& digraph() const { return digraph_; }

private:
    Digraph make_digraph() const;

    const InnerGraph& graph_;
    std::vector<std::string> services_;
    std::vector<Index> service_of_handler_;
    std::vector<Output> outputs_;
    Digraph outputs_by_service_;
    Digraph digraph_;
};

} // namespace mesh
