#include "nodes/bench/graph/read_edges.hpp"

#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace nodes {

mesh::EdgeList read_edges(const std::string& path) {
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

} // namespace nodes
