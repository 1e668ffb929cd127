#include "mesh/graph/incremental_order.hpp"
#include "tests/mesh/graph/edges/naive_edges.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"

#include <algorithm>

namespace {

using Edge = mesh::Digraph::Edge;
using Edges = std::vector<Edge>;

std::vector<mesh::IncrementalOrder::Level> levels(const mesh::IncrementalOrder& order) {
    std::vector<mesh::IncrementalOrder::Level> all;
    for (mesh::Digraph::Vertex v = 0; v < order.vertex_count(); ++v)
        all.push_back(order.level(v));
    return all;
}

bool has(const Edges& edges, const Edge& edge) {
    return std::ranges::find(edges, edge) != edges.end();
}

/// That each vertex leads to the next, the last to the first, and the first by the new edge.
bool is_cycle(const std::vector<mesh::Digraph::Vertex>& cycle, const Edges& edges, Edge added) {
    for (std::size_t i = 0; i < cycle.size(); ++i) {
        const Edge step(cycle[i], cycle[(i + 1) % cycle.size()]);
        if (!(i == 0 ? step == added : has(edges, step)))
            return false;
    }
    return !cycle.empty();
}

bool no_edge_leads_down(const mesh::IncrementalOrder& order, const Edges& edges) {
    return std::ranges::all_of(edges, [&](const Edge& edge) {
        return order.level(edge.first) <= order.level(edge.second);
    });
}

} // namespace

TEST_CASE("an edge that closes a cycle is refused with the cycle, from its tail on") {
    mesh::IncrementalOrder order(4);
    CHECK(order.insert({0, 1}).empty());
    CHECK(order.insert({1, 2}).empty());
    CHECK(order.insert({0, 2}).empty());
    CHECK(order.insert({2, 0}) == std::vector<mesh::Digraph::Vertex>{2, 0});
    CHECK(order.insert({2, 1}) == std::vector<mesh::Digraph::Vertex>{2, 1});
    CHECK(order.insert({3, 3}) == std::vector<mesh::Digraph::Vertex>{3});
    CHECK(order.insert({2, 3}).empty());
    CHECK(order.insert({3, 0}) == std::vector<mesh::Digraph::Vertex>{3, 0, 2});
    CHECK(order.edge_count() == 4);
}

TEST_CASE("edges go in together or not at all") {
    mesh::IncrementalOrder order(3);
    const Edges refused{{0, 1}, {1, 2}, {2, 0}};
    const auto before = levels(order);
    CHECK(order.insert_all(refused) == std::vector<mesh::Digraph::Vertex>{2, 0, 1});
    CHECK(order.edge_count() == 0);
    CHECK(levels(order) == before);
    const Edges taken{{2, 1}, {1, 0}};
    CHECK(order.insert_all(taken).empty());
    CHECK(order.edge_count() == 2);
}

TEST_CASE("parallel edges are taken out one by one") {
    mesh::IncrementalOrder order(2);
    CHECK(order.insert({0, 1}).empty());
    CHECK(order.insert({0, 1}).empty());
    CHECK(order.remove({0, 1}));
    CHECK_FALSE(order.insert({1, 0}).empty());
    CHECK(order.remove({0, 1}));
    CHECK_FALSE(order.remove({0, 1}));
    CHECK(order.insert({1, 0}).empty());
}

TEST_CASE("a vertex may come later") {
    mesh::IncrementalOrder order;
    const auto a = order.add_vertex();
    const auto b = order.add_vertex();
    CHECK(order.insert({b, a}).empty());
    CHECK(order.insert({a, b}) == std::vector<mesh::Digraph::Vertex>{a, b});
}

TEST_CASE("random insertions and removals are judged as by the closure of the graph") {
    tests::Random random(20265);
    int refused = 0;
    int taken = 0;
    for (int round = 0; round < 300; ++round) {
        const auto count = 2 + random() % (round % 3 == 0 ? 40 : 10);
        mesh::IncrementalOrder order(count);
        Edges edges;
        for (std::size_t step = 0; step < 6 * count; ++step) {
            if (!edges.empty() && random() % 5 == 0) {
                const auto gone =
                    edges.begin() + static_cast<std::ptrdiff_t>(random() % edges.size());
                REQUIRE(order.remove(*gone));
                edges.erase(gone);
                continue;
            }
            Edges batch;
            for (auto size = 1 + (random() % 4 == 0 ? random() % 5 : 0); size > 0; --size)
                batch.emplace_back(random() % count, random() % count);
            auto all = edges;
            std::size_t good = 0;
            for (; good < batch.size(); ++good) {
                all.push_back(batch[good]);
                if (!naive::Closure(count, all).is_acyclic())
                    break;
            }
            const auto before = levels(order);
            const auto cycle = order.insert_all(batch);
            REQUIRE(cycle.empty() == (good == batch.size()));
            REQUIRE(no_edge_leads_down(order, cycle.empty() ? all : edges));
            if (cycle.empty()) {
                edges = all;
                ++taken;
                continue;
            }
            ++refused;
            REQUIRE(levels(order) == before);
            REQUIRE(is_cycle(cycle, all, batch[good]));
            // No shorter way closes it.
            all.pop_back();
            const auto [tail, head] = batch[good];
            const auto back = tail == head ? 0 : naive::Closure(count, all).distance(head, tail);
            REQUIRE(cycle.size() == back + 1);
        }
        REQUIRE(order.edge_count() == edges.size());
    }
    CHECK(refused > 1000);
    CHECK(taken > 1000);
}

TEST_CASE("levels are built anew when most edges have gone, and stay right") {
    constexpr mesh::Digraph::Vertex count = 400;
    mesh::IncrementalOrder order(count);
    Edges edges;
    for (mesh::Digraph::Vertex i = count - 1; i > 0; --i)
        for (mesh::Digraph::Vertex far = 1; far <= 5 && far <= i; ++far)
            edges.emplace_back(i - far, i);
    tests::Random random(20266); // in no order, so that levels rise
    std::ranges::shuffle(edges, random);
    REQUIRE(order.insert_all(edges).empty());
    const auto high = std::ranges::max(levels(order));
    REQUIRE(high > 10);
    while (edges.size() > 20) {
        REQUIRE(order.remove(edges.back()));
        edges.pop_back();
    }
    CHECK(std::ranges::max(levels(order)) == 1);
    for (const auto& [tail, head] : edges)
        REQUIRE_FALSE(order.insert({head, tail}).empty());
    CHECK(no_edge_leads_down(order, edges));
}
