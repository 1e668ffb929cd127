#pragma once

#include "mesh/base/paged_array.hpp"
#include "mesh/graph/digraph.hpp"
#include "mesh/graph/edges/name_table.hpp"
#include "mesh/graph/edges/place_track.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mesh {

/// An edge list as it was read: names by number, edges in the order of the text.
class EdgeList {
public:
    NameTable names;
    PlaceTrack places; ///< of both names of each edge, tail first

    std::span<const Digraph::Edge> edges() const { return edges_.first(count_); }

    /// Which edges lead from a name to itself, ascending.
    const std::vector<std::uint32_t>& self_loops() const { return self_loops_; }

    /// Makes room for this many edges more; `add` does not look. `count_expected` is a guess at
    /// how many there will be in the end, 0 for none.
    void reserve(std::size_t more, std::size_t count_expected);

    void add(Digraph::Edge edge) {
        if (edge.first == edge.second) [[unlikely]]
            self_loops_.push_back(static_cast<std::uint32_t>(count_));
        edges_[count_++] = edge;
    }

private:
    PagedArray<Digraph::Edge> edges_;
    std::size_t count_ = 0;
    std::vector<std::uint32_t> self_loops_;
};

} // namespace mesh
