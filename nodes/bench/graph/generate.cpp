#include "nodes/bench/graph/generate.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <random>
#include <stdexcept>

namespace nodes {

namespace {

using Vertex = mesh::Digraph::Vertex;
using Edges = std::vector<mesh::Digraph::Edge>;
using Random = std::mt19937_64;

constexpr std::size_t edges_a_name = 4;

Vertex below(Random& random, std::size_t bound) {
    return static_cast<Vertex>(random() % bound);
}

double unit(Random& random) {
    return static_cast<double>(random() >> 11U) * 0x1p-53;
}

/// The numbers from 0 on in a random order.
std::vector<Vertex> shuffled(Random& random, std::size_t count) {
    std::vector<Vertex> all(count);
    std::iota(all.begin(), all.end(), 0U);
    std::ranges::shuffle(all, random);
    return all;
}

Edges layered(Random& random, std::size_t count) {
    constexpr Vertex layers = 64;
    const auto width = std::max<std::size_t>(count / edges_a_name / layers, 1);
    Edges edges;
    while (edges.size() < count) {
        const auto from = below(random, layers - 1);
        const auto to = std::min(layers - 1, from + 1 + below(random, 3));
        edges.emplace_back(from * width + below(random, width), to * width + below(random, width));
    }
    return edges;
}

Edges power(Random& random, std::size_t count) {
    const auto names = count / edges_a_name;
    const auto position = shuffled(random, names);
    const auto popular = [&](double exponent) {
        const auto rank = static_cast<double>(names) * std::pow(unit(random), exponent);
        return position[static_cast<std::size_t>(rank)];
    };
    Edges edges;
    while (edges.size() < count) {
        const auto one = popular(5);
        const auto other = popular(2);
        if (one != other)
            edges.emplace_back(std::min(one, other), std::max(one, other));
    }
    return edges;
}

Edges complete(std::size_t count) {
    Edges edges;
    for (Vertex head = 1; edges.size() < count; ++head)
        for (Vertex tail = 0; tail < head && edges.size() < count; ++tail)
            edges.emplace_back(tail, head);
    return edges;
}

Edges acyclic(GraphShape shape, Random& random, std::size_t count) {
    if (shape == GraphShape::layered)
        return layered(random, count);
    if (shape == GraphShape::power)
        return power(random, count);
    if (shape == GraphShape::complete)
        return complete(count);
    Edges edges;
    for (Vertex i = 0; i < count; ++i) {
        if (shape == GraphShape::chain)
            edges.emplace_back(i, i + 1);
        else if (i % 2 == 0)
            edges.emplace_back(0, i + 1);
        else
            edges.emplace_back(i + 1, 0);
    }
    return edges;
}

/// An edge from the end of a random walk back to its begin.
mesh::Digraph::Edge closing_edge(Random& random, const Edges& edges, std::size_t names) {
    const mesh::Digraph graph(names, edges);
    const auto start = edges[below(random, edges.size())].first;
    auto at = start;
    for (auto left = 1 + below(random, 12); left > 0 && !graph.heads(at).empty(); --left)
        at = graph.heads(at)[below(random, graph.heads(at).size())];
    return {at, start};
}

std::ofstream create(const std::string& path) {
    std::ofstream file(path, std::ios::binary);
    file.exceptions(std::ios::badbit | std::ios::failbit);
    return file;
}

} // namespace

std::string name_of(GraphShape shape) {
    switch (shape) {
    case GraphShape::layered:
        return "layered";
    case GraphShape::power:
        return "power";
    case GraphShape::chain:
        return "chain";
    case GraphShape::star:
        return "star";
    case GraphShape::complete:
        return "complete";
    }
    throw std::logic_error("no such shape");
}

GraphShape graph_shape_of(const std::string& name) {
    for (const auto shape : {GraphShape::layered, GraphShape::power, GraphShape::chain,
                             GraphShape::star, GraphShape::complete})
        if (name_of(shape) == name)
            return shape;
    throw std::invalid_argument("no such shape of graphs: \"" + name + "\"");
}

Edges generate(GraphShape shape, std::size_t edge_count, bool has_cycle, std::uint64_t seed) {
    Random random(seed);
    auto edges = acyclic(shape, random, edge_count);
    Vertex last = 0;
    for (const auto& [tail, head] : edges)
        last = std::max({last, tail, head});
    if (has_cycle)
        edges.push_back(closing_edge(random, edges, std::size_t{last} + 1));
    const auto name = shuffled(random, std::size_t{last} + 1);
    for (auto& [tail, head] : edges) {
        tail = name[tail];
        head = name[head];
    }
    std::ranges::shuffle(edges, random);
    return edges;
}

void write_edges(const Edges& edges, const std::string& path) {
    auto file = create(path);
    std::string text;
    for (const auto& [tail, head] : edges) {
        text += "e" + std::to_string(tail) + " e" + std::to_string(head) + "\n";
        if (text.size() > 1'000'000) {
            file << text;
            text.clear();
        }
    }
    file << text << std::flush;
}

void write_chain_manifest(std::size_t handler_count, bool is_ring, const std::string& path) {
    auto file = create(path);
    file << "dagmesh: 1\nservices:\n  chain:\n    handlers:\n";
    for (std::size_t i = 0; i < handler_count; ++i) {
        const auto next = is_ring && i + 1 == handler_count ? 0 : i + 1;
        file << "      h" << i << ": {on: e" << i << ", emits: [e" << next << "]}\n";
    }
    file << std::flush;
}

} // namespace nodes
