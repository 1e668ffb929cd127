#include "tests/bench/graph/phases.hpp"

#include "mesh/graph/digraph.hpp"
#include "mesh/graph/edges/edge_reader.hpp"
#include "tests/bench/graph/boost_graph.hpp"

#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace bench {

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

mesh::EdgeList read_list(const std::string& path) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);

    struct stat status {};

    if (fd < 0 || fstat(fd, &status) != 0)
        throw std::runtime_error("cannot read " + path);
    mesh::EdgeReader reader(static_cast<std::size_t>(status.st_size));
    for (;;) {
        const auto room = reader.room();
        const auto size = read(fd, room.data(), room.size());
        if (size <= 0)
            break;
        if (auto taken = reader.take(static_cast<std::size_t>(size)); !taken)
            throw std::runtime_error(taken.error().detail);
    }
    close(fd);
    auto list = reader.finish();
    if (!list)
        throw std::runtime_error(list.error().detail);
    return std::move(*list);
}

} // namespace

void print_phases(const std::string& path) {
    Stopwatch watch;
    const auto list = read_list(path);
    const auto reading = watch.lap();
    const mesh::Digraph graph(list.names.count(), list.edges());
    const auto building = watch.lap();
    const auto peeling = mesh::peel(graph);
    const auto peel = watch.lap();
    const auto component = mesh::strong_components(graph);
    const auto components = watch.lap();
    const auto boost = boost_phases(list.names.count(), list.edges());
    if (peeling.count > component.size()) // never; so that no phase is left out
        throw std::logic_error("peeled more than there is");
    std::printf("%.3f %.3f %.3f %.3f %.3f %.3f %.3f\n", reading, building, peel, components,
                boost.building_ms, boost.sorting_ms, boost.components_ms);
}

} // namespace bench
