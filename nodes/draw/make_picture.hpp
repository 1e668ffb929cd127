#pragma once

#include "mesh/graph/check_graph.hpp"
#include "nodes/draw/picture.hpp"

#include <cstddef>
#include <string>

namespace nodes {

struct PictureOptions {
    std::string title;
    View view = View::events;

    /// Above it, the picture shows the groups that cause each other and what is one step around
    /// them or, without a cycle, folds names by prefix.
    std::size_t nodes_max = 200;

    /// Further edges are left out, those on cycles last.
    std::size_t edges_max = 4000;
};

/// `shop: events`, for a realm that has a name.
std::string picture_title(const std::string& realm, View view);

/// The picture of a graph and what the checker said of it. Pure; equal graphs give equal pictures,
/// whatever the order of their parts. Grouping and folding have no influence on what is marked as
/// a cycle: that comes from the report alone.
Picture make_picture(const mesh::GraphInput& input, const mesh::GraphReport& report,
                     const PictureOptions& options);

} // namespace nodes
