#include "mesh/graph/digraph.hpp"
#include "nodes/bench/graph/graph_part.hpp"
#include "nodes/bench/graph/read_edges.hpp"

#include <chrono>
#include <cstdio>
#include <stdexcept>

namespace nodes {

namespace {

class Stopwatch {
public:
    /// Milliseconds since the last call.
    double lap() {
        const auto now = std::chrono::steady_clock::now();
        const auto passed = std::chrono::duration<double, std::milli>(now - last_).count();
        last_ = now;
        return passed;
    }

private:
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

} // namespace

void print_phases(const std::string& path) {
    Stopwatch watch;
    const auto list = read_edges(path);
    const auto reading = watch.lap();
    const mesh::Digraph graph(list.names.count(), list.edges());
    const auto building = watch.lap();
    const auto peeling = mesh::peel(graph);
    const auto peel = watch.lap();
    const auto component = mesh::strong_components(graph);
    const auto components = watch.lap();
    if (peeling.count > component.size()) // never; so that no phase is left out
        throw std::logic_error("peeled more than there is");
    std::printf("%.3f %.3f %.3f %.3f\n", reading, building, peel, components);
}

} // namespace nodes
