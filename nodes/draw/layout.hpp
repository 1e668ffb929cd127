#pragma once

#include "mesh/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace nodes {

/// A graph of boxes to be placed in columns by level, from left to right. Lengths in pixels.
struct LayoutTask {
    using Index = std::uint32_t;

    struct Box {
        double width;
        double height;
        std::size_t level;
    };

    struct Edge {
        Index from;
        Index to;
        double label_width = 0; ///< 0: none
        double label_height = 0;
    };

    std::vector<Box> boxes; ///< every level up to the last has one
    std::vector<Edge> edges;
};

struct Point {
    double x;
    double y; ///< downwards
};

struct Layout {
    double width;
    double height;
    std::vector<Point> centres; ///< by box

    /// By edge: Bezier curves, 3n + 1 points, from box border to box border.
    std::vector<std::vector<Point>> curves;
    std::vector<std::optional<Point>> labels; ///< centres, by edge
    std::vector<double> columns;              ///< the middle of each level
};

/// Whether this build can place boxes at all.
bool has_layout();

/// Places everything; equal tasks give equal layouts. Not for two threads at once: Graphviz keeps
/// global state. The time is bounded: of graphs with many or long edges, only so many are routed
/// around the boxes, and the others are plain curves.
/// Errors: `environment` when this build has no layout, or Graphviz fails; its words are in it.
mesh::Result<Layout> lay_out(const LayoutTask& task);

} // namespace nodes
