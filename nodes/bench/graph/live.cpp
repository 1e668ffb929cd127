#include "mesh/graph/incremental_order.hpp"
#include "nodes/bench/graph/generate.hpp"
#include "nodes/bench/graph/graph_part.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <random>
#include <stdexcept>

namespace nodes {

namespace {

using Edge = mesh::Digraph::Edge;

constexpr std::size_t names = 100'000;
constexpr std::size_t refusals = 1000;

/// Microseconds of one insertion; whether the edge went in has to be as expected.
double time_insert(mesh::IncrementalOrder& order, const Edge& edge, bool goes_in) {
    const auto begin = std::chrono::steady_clock::now();
    const auto cycle = order.insert(edge);
    const auto end = std::chrono::steady_clock::now();
    if (cycle.empty() != goes_in)
        throw std::logic_error("a wrong verdict");
    return std::chrono::duration<double, std::micro>(end - begin).count();
}

/// Edges that close walks of at most twelve steps.
std::vector<Edge> closing_edges(const std::vector<Edge>& edges, std::size_t vertex_count) {
    const mesh::Digraph graph(vertex_count, edges);
    std::mt19937_64 random(8);
    std::vector<Edge> closing;
    while (closing.size() < refusals) {
        const auto start = edges[random() % edges.size()].first;
        auto at = start;
        for (auto left = 1 + random() % 12; left > 0 && !graph.heads(at).empty(); --left)
            at = graph.heads(at)[random() % graph.heads(at).size()];
        closing.emplace_back(at, start);
    }
    return closing;
}

struct Times {
    double mean;
    double p99;
    double largest;
};

Times times_of(std::vector<double> times) {
    std::ranges::sort(times);
    const auto sum = std::accumulate(times.begin(), times.end(), 0.0);
    return {sum / static_cast<double>(times.size()), times[times.size() * 99 / 100], times.back()};
}

} // namespace

void print_live(const std::string& shape) {
    const auto kind = graph_shape_of(shape);
    const auto edges = generate(kind, kind == GraphShape::chain ? names - 1 : 4 * names, false, 7);
    mesh::IncrementalOrder order(names + 64);
    std::vector<double> taken;
    taken.reserve(edges.size());
    for (const auto& edge : edges)
        taken.push_back(time_insert(order, edge, true));
    std::vector<double> refused;
    for (const auto& edge : closing_edges(edges, order.vertex_count()))
        refused.push_back(time_insert(order, edge, false));
    const auto in = times_of(std::move(taken));
    const auto out = times_of(std::move(refused));
    std::printf("%.3f %.3f %.3f %.3f %.3f\n", in.mean, in.p99, in.largest, out.mean, out.p99);
}

} // namespace nodes
