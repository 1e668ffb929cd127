#pragma once

#include "mesh/graph/digraph.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mesh {

/// Cycles of a graph by their smallest root: a cycle in which several roots lie belongs to the one
/// with the smallest number. Searches one length at a time, and goes only where the way back is
/// short enough. Keeps its working memory; the graphs have to outlive it.
class RootedCycles {
public:
    using Vertex = Digraph::Vertex;

    /// Every vertex from `first_root` on is a root. `backward` is `forward` turned round.
    RootedCycles(const Digraph& forward, const Digraph& backward, Vertex first_root);

    struct Found {
        /// The cycles of exactly the length, each from its root on, in order of vertices.
        std::vector<std::vector<Vertex>> cycles;

        /// The next length at which the root may have cycles; 0 when there are none.
        std::size_t next_length = 0;
    };

    /// The elementary cycles of `length` edges through `root` and no smaller root, at most
    /// `count_max`. Takes what it does off `steps_left`, and stops at 0: then cycles are missing.
    Found search(Vertex root, std::size_t length, std::size_t count_max, std::size_t& steps_left);

private:
    static constexpr std::uint32_t far = UINT32_MAX;

    void measure(Vertex root, std::size_t depth, std::size_t& steps_left);
    void walk(Vertex root, std::size_t length, std::size_t count_max, std::size_t& steps_left,
              Found& found);

    const Digraph& forward_;
    const Digraph& backward_;
    Vertex first_root_;
    std::vector<std::uint32_t> distance_; ///< edges from a vertex to the root, as far as measured
    std::vector<bool> is_used_;
    std::vector<Vertex> measured_;
    bool is_cut_ = false;    ///< something lies beyond what was measured
    bool is_pruned_ = false; ///< some way was too long
};

} // namespace mesh
