#include "mesh/graph/edges/check_edges.hpp"
#include "mesh/graph/edges/cyclic_parts.hpp"
#include "mesh/graph/edges/edge_reader.hpp"
#include "mesh/graph/edges/group_cut.hpp"
#include "mesh/graph/edges/single_cut.hpp"
#include "tests/mesh/graph/edges/naive_edges.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"

#include <bit>
#include <set>

namespace {

using Edges = std::vector<mesh::Digraph::Edge>;

Edges random_edges(tests::Random& random, std::size_t names, std::size_t count) {
    Edges edges;
    while (edges.size() < count)
        edges.emplace_back(random() % names, random() % names);
    return edges;
}

std::string text_of(const Edges& edges) {
    std::string text;
    for (const auto& [tail, head] : edges)
        text += "n" + std::to_string(tail) + " n" + std::to_string(head) + "\n";
    return text;
}

Edges without(const Edges& edges, const std::set<mesh::Digraph::Edge>& removed) {
    Edges rest;
    for (const auto& edge : edges)
        if (!removed.contains(edge))
            rest.push_back(edge);
    return rest;
}

std::vector<mesh::EdgeGroup> groups_of(std::size_t count, const Edges& edges) {
    const mesh::Digraph graph(count, edges);
    return mesh::edge_groups(graph, mesh::peel(graph));
}

/// The groups, less self-loops, of a random graph.
std::vector<mesh::EdgeGroup> random_groups(tests::Random& random, std::size_t names,
                                           std::size_t count) {
    auto edges = random_edges(random, names, count);
    std::erase_if(edges, [](const auto& edge) { return edge.first == edge.second; });
    return groups_of(names, edges);
}

bool is_cut(const mesh::EdgeGroup& group, const Edges& cut) {
    Edges rest;
    for (const auto& edge : group.edges)
        if (std::ranges::find(cut, edge) == cut.end())
            rest.push_back(edge);
    return naive::Closure(group.members.size(), rest).is_acyclic();
}

} // namespace

TEST_CASE("verdict, shortest cycle and cut of random edge lists agree with brute force") {
    tests::Random random(20261);
    int cyclic = 0;
    for (int round = 0; round < 3000; ++round) {
        const auto names = 2 + random() % 8;
        const auto text = text_of(random_edges(random, names, 1 + random() % (2 * names)));
        const auto plain = naive::edges_in(text);
        const auto closure = plain->closure();
        const auto report = mesh::check_edges(*mesh::read_edges(text), "f");
        INFO(text);
        REQUIRE(report.is_acyclic == closure.is_acyclic());
        cyclic += report.is_acyclic ? 0 : 1;
        std::set<mesh::Digraph::Edge> removed;
        std::set<mesh::Digraph::Edge> loops;
        for (const auto& finding : report.findings) {
            const auto number = [&](const std::string& name) { return plain->numbers.at(name); };
            for (const auto& edge : finding.cut)
                removed.emplace(number(edge.handler), number(edge.emits));
            const auto start = number(finding.cycle.front().event);
            if (finding.code == "E002") {
                loops.emplace(start, start);
                continue;
            }
            // No shorter cycle among the names that reach each other.
            std::size_t shortest = naive::Closure::none;
            const auto plain_without_loops = [&] {
                Edges edges;
                for (const auto& edge : plain->edges)
                    if (edge.first != edge.second)
                        edges.push_back(edge);
                return naive::Closure(plain->numbers.size(), edges);
            }();
            for (std::size_t i = 0; i < plain->numbers.size(); ++i)
                if (closure.reaches(start, i) && closure.reaches(i, start))
                    shortest = std::min(shortest, plain_without_loops.distance(i, i));
            REQUIRE(finding.cycle.size() == shortest);
        }
        REQUIRE(naive::Closure(plain->numbers.size(), without(plain->edges, removed)).is_acyclic());
        // None of the cut is needless.
        for (const auto& edge : removed) {
            auto fewer = removed;
            fewer.erase(edge);
            REQUIRE_FALSE(
                naive::Closure(plain->numbers.size(), without(plain->edges, fewer)).is_acyclic());
        }
    }
    CHECK(cyclic > 1000);
    CHECK(cyclic < 2900);
}

TEST_CASE("one edge that is on every cycle is the cut, and the group is what reaches itself") {
    tests::Random random(20267);
    int with_one = 0;
    for (int round = 0; round < 3000; ++round) {
        const auto names = 3 + random() % 12;
        auto edges = random_edges(random, names, names + random() % 6);
        std::erase_if(edges, [](const auto& edge) { return edge.first == edge.second; });
        if (random() % 3 == 0)
            edges.insert(edges.end(), edges.begin(),
                         edges.begin() + static_cast<int>(edges.size() / 3));
        const mesh::Digraph graph(names, edges);
        const naive::Closure closure(names, edges);
        std::size_t fewest_lines = edges.size() + 1;
        for (const auto& edge : edges)
            if (!closure.is_acyclic() && naive::Closure(names, without(edges, {edge})).is_acyclic())
                fewest_lines = std::min<std::size_t>(fewest_lines, std::ranges::count(edges, edge));
        if (fewest_lines > edges.size())
            continue;
        ++with_one;
        const auto found = mesh::cyclic_parts(graph, mesh::peel(graph));
        REQUIRE(found.parts.size() == 1);
        const auto& part = found.parts.front();
        REQUIRE(part.cut.size() == 1);
        REQUIRE(naive::Closure(names, without(edges, {part.cut.front()})).is_acyclic());
        REQUIRE(static_cast<std::size_t>(std::ranges::count(edges, part.cut.front())) ==
                fewest_lines);
        REQUIRE(part.is_cut_smallest);
        std::size_t size = 0;
        for (std::size_t i = 0; i < names; ++i)
            size += closure.reaches(i, i) ? 1 : 0;
        REQUIRE(part.size == size);
    }
    CHECK(with_one > 500);
}

TEST_CASE("the cut of a small group has the size that trying all sets gives") {
    tests::Random random(20262);
    int compared = 0;
    for (int round = 0; round < 1500; ++round) {
        for (const auto& group : random_groups(random, 5, 4 + random() % 8)) {
            const auto count = group.edges.size();
            if (count > 11)
                continue;
            std::size_t smallest = count;
            for (std::uint32_t set = 0; set < (1U << count); ++set) {
                Edges cut;
                for (std::uint32_t i = 0; i < count; ++i)
                    if ((set >> i & 1U) != 0)
                        cut.push_back(group.edges[i]);
                if (cut.size() < smallest && is_cut(group, cut))
                    smallest = cut.size();
            }
            mesh::WorkLeft work{1'000'000};
            const auto found = mesh::cut_group(group, work);
            REQUIRE(found.is_smallest);
            REQUIRE(found.edges.size() == smallest);
            REQUIRE(is_cut(group, found.edges));
            ++compared;
        }
    }
    CHECK(compared > 300);
}

TEST_CASE("all edges that every cycle goes over are found, and no other") {
    tests::Random random(20263);
    int with_singles = 0;
    for (int round = 0; round < 2000; ++round) {
        const auto names = 3 + random() % 9;
        for (const auto& group : random_groups(random, names, names + random() % names)) {
            mesh::WorkLeft work{1'000'000};
            const auto start = static_cast<mesh::Digraph::Vertex>(random() % group.members.size());
            const auto cycle = mesh::shortest_cycle(group.graph, {start}, work).cycle;
            auto found = mesh::single_cuts(group.graph, mesh::peel(group.graph), cycle);
            std::ranges::sort(found);
            Edges expected;
            for (const auto& edge : group.edges)
                if (is_cut(group, {edge}))
                    expected.push_back(edge);
            std::ranges::sort(expected);
            REQUIRE(found == expected);
            with_singles += expected.empty() ? 0 : 1;
        }
    }
    CHECK(with_singles > 500);
}

TEST_CASE("the cut of a larger group is minimal, and without work left it still holds") {
    tests::Random random(20264);
    int large = 0;
    for (int round = 0; round < 60; ++round) {
        for (const auto& group : random_groups(random, 40, 90)) {
            if (group.members.size() <= 20)
                continue;
            ++large;
            mesh::WorkLeft work{10'000'000};
            const auto found = mesh::cut_group(group, work);
            REQUIRE(is_cut(group, found.edges));
            for (const auto& edge : found.edges) {
                auto fewer = found.edges;
                std::erase(fewer, edge);
                REQUIRE_FALSE(is_cut(group, fewer));
            }
            mesh::WorkLeft nothing{0};
            REQUIRE(is_cut(group, mesh::cut_group(group, nothing).edges));
        }
    }
    CHECK(large > 20);
}

TEST_CASE("a search that is cut short says that its cycle may not be the shortest") {
    // A ring of 40 in which pairs lead back, and a cut that begins at one of them.
    Edges edges;
    for (mesh::Digraph::Vertex i = 0; i < 40; ++i)
        edges.emplace_back(i, (i + 1) % 40);
    edges.emplace_back(30, 0);
    edges.emplace_back(39, 36);
    const auto groups = groups_of(40, edges);
    REQUIRE(groups.size() == 1);
    const std::vector<mesh::Digraph::Vertex> starts{0, 36};
    mesh::WorkLeft enough{100'000};
    const auto proven = mesh::shortest_cycle(groups[0].graph, starts, enough);
    CHECK(proven.cycle.size() == 4);
    CHECK(proven.is_proven);
    mesh::WorkLeft little{10};
    const auto found = mesh::shortest_cycle(groups[0].graph, starts, little);
    CHECK(found.cycle.size() == 31);
    CHECK_FALSE(found.is_proven);
}
