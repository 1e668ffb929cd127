#include "mesh/graph/answers/rooted_cycles.hpp"

#include <algorithm>

namespace mesh {

RootedCycles::RootedCycles(const Digraph& forward, const Digraph& backward, Vertex first_root)
    : forward_(forward),
      backward_(backward),
      first_root_(first_root),
      distance_(forward.vertex_count(), far),
      is_used_(forward.vertex_count()) {}

RootedCycles::Found RootedCycles::search(Vertex root, std::size_t length, std::size_t count_max,
                                         std::size_t& steps_left) {
    Found found;
    // Looking twice as far tells for a root without short cycles where to go on.
    measure(root, 2 * length, steps_left);
    auto shortest = far;
    for (const auto head : forward_.heads(root))
        shortest = std::min(shortest, distance_[head]);
    if (shortest == far) {
        found.next_length = is_cut_ ? 2 * length + 1 : 0;
    } else if (shortest + 1 > length) {
        found.next_length = shortest + 1;
    } else {
        walk(root, length, count_max, steps_left, found);
        found.next_length = is_cut_ || is_pruned_ ? length + 1 : 0;
    }
    for (const auto vertex : measured_)
        distance_[vertex] = far;
    return found;
}

void RootedCycles::measure(Vertex root, std::size_t depth, std::size_t& steps_left) {
    is_cut_ = false;
    measured_.assign(1, root);
    distance_[root] = 0;
    for (std::size_t next = 0; next < measured_.size() && steps_left > 0; ++next) {
        const auto vertex = measured_[next];
        for (const auto before : backward_.heads(vertex)) {
            steps_left -= std::min<std::size_t>(steps_left, 1);
            if (distance_[before] != far || (before >= first_root_ && before < root))
                continue;
            if (distance_[vertex] == depth) {
                is_cut_ = true;
                return;
            }
            distance_[before] = distance_[vertex] + 1;
            measured_.push_back(before);
        }
    }
}

void RootedCycles::walk(Vertex root, std::size_t length, std::size_t count_max,
                        std::size_t& steps_left, Found& found) {
    struct Frame {
        Vertex vertex;
        std::size_t next = 0;
    };

    is_pruned_ = false;
    std::vector<Frame> path{{root}};
    while (!path.empty() && steps_left > 0 && found.cycles.size() < count_max) {
        auto& [vertex, next] = path.back();
        const auto heads = forward_.heads(vertex);
        if (next == heads.size()) {
            is_used_[vertex] = false;
            path.pop_back();
            continue;
        }
        --steps_left;
        const auto head = heads[next++];
        const auto depth = path.size(); // of `head`, in edges
        if (head == root && depth == length) {
            auto& cycle = found.cycles.emplace_back();
            for (const auto& frame : path)
                cycle.push_back(frame.vertex);
        }
        if (head == root || is_used_[head] || distance_[head] == far)
            continue;
        if (depth + distance_[head] > length) {
            is_pruned_ = true;
            continue;
        }
        is_used_[head] = true;
        path.push_back({head});
    }
    for (const auto& frame : path)
        is_used_[frame.vertex] = false;
}

} // namespace mesh
