#include "mesh/graph/answers/dominators.hpp"
#include "tests/support/catch.hpp"

#include <random>
#include <vector>

using mesh::Digraph;

namespace {

/// What is reached from 0 without passing `gone`.
std::vector<bool> reached_without(const Digraph& graph, Digraph::Vertex gone) {
    std::vector<bool> is_reached(graph.vertex_count());
    std::vector<Digraph::Vertex> waiting;
    if (gone != 0)
        waiting.push_back(0);
    while (!waiting.empty()) {
        const auto vertex = waiting.back();
        waiting.pop_back();
        if (vertex == gone || is_reached[vertex])
            continue;
        is_reached[vertex] = true;
        for (const auto head : graph.heads(vertex))
            waiting.push_back(head);
    }
    return is_reached;
}

} // namespace

TEST_CASE("an immediate dominator stands on every way, and nearest") {
    std::mt19937 random(11);
    for (int round = 0; round < 2'000; ++round) {
        CAPTURE(round);
        const std::size_t count = 2 + random() % 9;
        std::vector<Digraph::Edge> edges;
        for (auto left = random() % (3 * count); left > 0; --left)
            edges.emplace_back(random() % count, random() % count);
        const Digraph graph(count, edges);
        const auto above = mesh::immediate_dominators(graph, 0);
        const auto all = reached_without(graph, static_cast<Digraph::Vertex>(count));
        for (Digraph::Vertex vertex = 0; vertex < count; ++vertex) {
            if (vertex == 0 || !all[vertex]) {
                REQUIRE(above[vertex] == vertex);
                continue;
            }
            // The dominators of a vertex are those of its immediate one, and that one.
            std::vector<bool> is_above(count);
            for (auto at = above[vertex]; at != 0; at = above[at])
                is_above[at] = true;
            for (Digraph::Vertex other = 1; other < count; ++other)
                if (other != vertex)
                    REQUIRE(is_above[other] ==
                            (all[other] && !reached_without(graph, other)[vertex]));
        }
    }
}

TEST_CASE("a long chain is no deep recursion") {
    std::vector<Digraph::Edge> edges;
    for (Digraph::Vertex i = 0; i < 1'000'000; ++i)
        edges.emplace_back(i, i + 1);
    const auto above = mesh::immediate_dominators({1'000'001, edges}, 0);
    CHECK(above[1'000'000] == 999'999);
}
