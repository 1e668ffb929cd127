#include "mesh/graph/digraph.hpp"
#include "tests/support/catch.hpp"

TEST_CASE("strong components group what reaches each other, numbered against the edges") {
    const std::vector<mesh::Digraph::Edge> edges{{0, 1}, {1, 2}, {2, 1}, {2, 3}, {3, 3}};
    const auto component = mesh::strong_components({5, edges});
    CHECK(component[1] == component[2]);
    CHECK(component[0] > component[1]);
    CHECK(component[1] > component[3]);
    CHECK(component[4] != component[0]);
}

TEST_CASE("the topological order leaves out what lies on or behind a cycle") {
    const std::vector<mesh::Digraph::Edge> edges{{0, 1}, {1, 2}, {2, 1}, {2, 3}, {4, 0}};
    CHECK(mesh::topological_order({5, edges}) == std::vector<mesh::Digraph::Vertex>{4, 0});
}

TEST_CASE("the peeling tells the longest way, and how many edges hold what stays") {
    const std::vector<mesh::Digraph::Edge> edges{{0, 1}, {1, 2}, {0, 2}, {5, 2}, {2, 3},
                                                 {3, 4}, {4, 3}, {1, 3}, {4, 6}};
    const auto peeling = mesh::peel({7, edges});
    const auto order = peeling.order.first(peeling.count);
    CHECK(std::vector(order.begin(), order.end()) ==
          std::vector<mesh::Digraph::Vertex>{0, 5, 1, 2});
    CHECK(peeling.level_count == 3);
    CHECK(peeling.remaining[2] == 0);
    CHECK(peeling.remaining[3] == 1);
    CHECK(peeling.remaining[6] == 1);
}

TEST_CASE("a peeling goes on where it stopped once edges are removed") {
    const std::vector<mesh::Digraph::Edge> edges{{0, 1}, {1, 2}, {2, 1}, {2, 1}, {2, 3}};
    const mesh::Digraph graph(4, edges);
    const auto peeling = mesh::peel(graph);
    const std::vector<mesh::Digraph::Edge> back{{2, 1}};
    CHECK(mesh::peel_on(graph, peeling, back) == std::vector<mesh::Digraph::Vertex>{1, 2, 3});
    const std::vector<mesh::Digraph::Edge> other{{2, 3}};
    CHECK(mesh::peel_on(graph, peeling, other) == std::vector<mesh::Digraph::Vertex>{3});
}

TEST_CASE("components of what a peeling left leave out what it took away") {
    const std::vector<mesh::Digraph::Edge> edges{{0, 1}, {1, 2}, {2, 1}, {2, 3}};
    const mesh::Digraph graph(4, edges);
    const auto component = mesh::strong_components(graph, mesh::peel(graph));
    CHECK(component[0] == mesh::none_left);
    CHECK(component[1] == component[2]);
    CHECK(component[2] > component[3]);
}

TEST_CASE("a chain of a million vertices overflows no stack") {
    constexpr mesh::Digraph::Vertex count = 1'000'000;
    std::vector<mesh::Digraph::Edge> edges;
    for (mesh::Digraph::Vertex v = 0; v + 1 < count; ++v)
        edges.emplace_back(v, v + 1);
    CHECK(mesh::topological_order({count, edges}).size() == count);
    CHECK(mesh::strong_components({count, edges}).front() == count - 1);
    edges.emplace_back(count - 1, 0);
    CHECK(mesh::strong_components({count, edges}).front() == 0);
}
