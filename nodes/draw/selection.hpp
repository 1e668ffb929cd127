#pragma once

#include "nodes/draw/view_graph.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace nodes {

/// Which nodes of a view are drawn, and as what.
struct Selection {
    struct Drawn {
        std::string name;
        ViewGraph::Index node;        ///< of the view; of folded ones the first
        std::size_t folded_count = 0; ///< how many nodes it stands for; 0: itself
    };

    std::vector<Drawn> drawn;                             ///< in order of name
    std::vector<std::optional<ViewGraph::Index>> by_node; ///< in `drawn`, for each node of the view
    std::vector<std::string> notes;                       ///< what was left out, for people
};

/// All nodes.
Selection select_all(const ViewGraph& view);

/// At most `nodes_max` nodes: those of `wanted` (the witnesses of cycles) first, then the rest of
/// the groups that they belong to, then what is one step around those.
Selection select_cyclic(const ViewGraph& view, const std::vector<ViewGraph::Index>& wanted,
                        std::size_t nodes_max);

/// Names folded by prefix, as little as needed, until at most `nodes_max` are left.
Selection fold_by_prefix(const ViewGraph& view, std::size_t nodes_max);

} // namespace nodes
