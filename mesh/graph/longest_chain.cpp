#include "mesh/graph/longest_chain.hpp"

#include "mesh/graph/digraph.hpp"
#include "mesh/graph/graph_input.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace mesh {

std::size_t longest_chain(std::span<const Contract> contracts) {
    GraphInput input;
    for (const auto& contract : contracts) {
        DeclaredContract declared;
        declared.contract = contract;
        input.contracts.push_back(std::move(declared));
    }
    const InnerGraph graph(input);
    const auto digraph = graph.digraph({});
    const auto component = strong_components(digraph);
    // Edges lead to smaller components, so the largest come first.
    std::vector<Digraph::Vertex> order(digraph.vertex_count());
    std::iota(order.begin(), order.end(), Digraph::Vertex{0});
    std::ranges::sort(order, std::ranges::greater{},
                      [&](auto vertex) { return component[vertex]; });
    std::vector<std::size_t> weight(order.size());
    for (Digraph::Vertex handler = 0; handler < graph.handlers().size(); ++handler)
        ++weight[component[handler]];
    std::vector<std::size_t> before(order.size()); // handlers run before a component is reached
    std::size_t longest = 0;
    for (const auto tail : order) {
        const auto done = before[component[tail]] + weight[component[tail]];
        longest = std::max(longest, done);
        for (const auto head : digraph.heads(tail))
            if (component[head] != component[tail])
                before[component[head]] = std::max(before[component[head]], done);
    }
    return longest;
}

} // namespace mesh
