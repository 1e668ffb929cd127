#include "tests/bench/graph/boost_graph.hpp"

#include "tests/bench/graph/phases.hpp"

#if __has_include(<boost/graph/topological_sort.hpp>)
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/graph/topological_sort.hpp>

#include <chrono>
#include <fstream>
#include <iterator>
#include <unordered_map>
#include <vector>

namespace bench {

namespace {

using Graph =
    boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                       boost::no_property, std::uint32_t, std::uint32_t>;
using Clock = std::chrono::steady_clock;

double milliseconds(Clock::time_point from, Clock::time_point to) {
    return std::chrono::duration<double, std::milli>(to - from).count();
}

bool is_acyclic(const Graph& graph) {
    std::vector<std::uint32_t> order;
    order.reserve(boost::num_vertices(graph));
    try {
        boost::topological_sort(graph, std::back_inserter(order));
    } catch (const boost::not_a_dag&) {
        return false;
    }
    return true;
}

} // namespace

bool has_boost_graph() {
    return true;
}

BoostPhases boost_phases(std::size_t vertex_count, std::span<const mesh::Digraph::Edge> edges) {
    const auto begin = Clock::now();
    const Graph graph(boost::edges_are_unsorted_multi_pass, edges.begin(), edges.end(),
                      static_cast<std::uint32_t>(vertex_count));
    const auto built = Clock::now();
    is_acyclic(graph);
    const auto sorted = Clock::now();
    std::vector<std::uint32_t> component(vertex_count);
    boost::strong_components(graph, boost::make_iterator_property_map(
                                        component.begin(), get(boost::vertex_index, graph)));
    return {milliseconds(begin, built), milliseconds(built, sorted),
            milliseconds(sorted, Clock::now())};
}

int check_with_boost(const std::string& path) {
    std::ifstream file(path);
    std::unordered_map<std::string, std::uint32_t> numbers;
    std::vector<mesh::Digraph::Edge> edges;
    std::string tail;
    std::string head;
    const auto number = [&](const std::string& name) {
        return numbers.try_emplace(name, static_cast<std::uint32_t>(numbers.size())).first->second;
    };
    while (file >> tail >> head) {
        const auto from = number(tail);
        edges.emplace_back(from, number(head));
    }
    const Graph graph(boost::edges_are_unsorted_multi_pass, edges.begin(), edges.end(),
                      static_cast<std::uint32_t>(numbers.size()));
    return is_acyclic(graph) ? 0 : 1;
}

} // namespace bench

#else

namespace bench {

bool has_boost_graph() {
    return false;
}

BoostPhases boost_phases(std::size_t, std::span<const mesh::Digraph::Edge>) {
    return {};
}

int check_with_boost(const std::string&) {
    return 2;
}

} // namespace bench

#endif
