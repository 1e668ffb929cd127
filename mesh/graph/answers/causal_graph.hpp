#pragma once

#include "mesh/graph/inner_graph.hpp"

#include <map>
#include <string>
#include <vector>

namespace mesh {

/// The graph as questions are asked of it: what leads to what. Allowed loop edges are causes like
/// any other, so they are among its emissions. Built once; every question costs about its size.
class CausalGraph {
public:
    explicit CausalGraph(const GraphInput& input);

    const InnerGraph& inner() const { return inner_; }

    /// The vertices are those of `InnerGraph::digraph`; an edge leads from cause to effect, and in
    /// `backward` from effect to cause.
    const Digraph& forward() const { return forward_; }

    const Digraph& backward() const { return backward_; }

    /// Which emissions are allowed loop edges, by number.
    const std::vector<bool>& is_loop() const { return is_loop_; }

    /// What is declared of events.
    const std::vector<DeclaredEvent>& declared() const { return declared_; }

    /// Every event that has a name: emitted patterns, subscribed topics, declared topics. Sorted.
    const std::vector<Pattern>& events() const { return events_; }

    /// The services with their places, in order of name.
    const std::map<std::string, Place>& services() const { return services_; }

private:
    InnerGraph inner_;
    Digraph forward_;
    Digraph backward_;
    std::vector<bool> is_loop_;
    std::vector<DeclaredEvent> declared_;
    std::vector<Pattern> events_;
    std::map<std::string, Place> services_;
};

/// The edges of a graph, in order of tail.
std::vector<Digraph::Edge> edges_of(const Digraph& graph);

/// The same graph with every edge turned round.
Digraph reversed(const Digraph& graph);

} // namespace mesh
