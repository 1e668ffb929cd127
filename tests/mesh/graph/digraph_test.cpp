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
