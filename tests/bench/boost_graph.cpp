// What `dagmesh bench graph` compares with, beside GNU tsort: what a program on Boost.Graph would
// do. `check FILE` reads an edge list, names in an unordered map, into a compressed graph and sorts
// it; exits with 0 for an acyclic one, with 1 otherwise, with 2 when it was built without
// Boost.Graph. `phases FILE` prints the milliseconds of building, topological_sort and
// strong_components on the edges as the checker reads them.

#include "nodes/bench/graph/read_edges.hpp"

#if __has_include(<boost/graph/topological_sort.hpp>)
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/graph/topological_sort.hpp>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

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

int print_phases(const std::string& path) {
    const auto list = nodes::read_edges(path);
    const auto edges = list.edges();
    const auto vertex_count = list.names.count();
    const auto begin = Clock::now();
    const Graph graph(boost::edges_are_unsorted_multi_pass, edges.begin(), edges.end(),
                      static_cast<std::uint32_t>(vertex_count));
    const auto built = Clock::now();
    is_acyclic(graph);
    const auto sorted = Clock::now();
    std::vector<std::uint32_t> component(vertex_count);
    boost::strong_components(graph, boost::make_iterator_property_map(
                                        component.begin(), get(boost::vertex_index, graph)));
    std::printf("%.3f %.3f %.3f\n", milliseconds(begin, built), milliseconds(built, sorted),
                milliseconds(sorted, Clock::now()));
    return 0;
}

int check(const std::string& path) {
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

} // namespace

int main(int argc, char** argv) {
    const std::string_view what = argc == 3 ? argv[1] : "";
    return what == "check" ? check(argv[2]) : what == "phases" ? print_phases(argv[2]) : 2;
}

#else

int main() {
    return 2;
}

#endif
