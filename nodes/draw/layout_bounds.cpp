#include "nodes/draw/layout_bounds.hpp"

#include <algorithm>
#include <numeric>

namespace nodes {

namespace {

/// Graphviz cuts an edge into one piece a level; its time grows with the pieces. Measured with
/// 2.42 on complete graphs, 2,500 pieces take about a second.
constexpr std::size_t pieces_max = 2500;
constexpr std::size_t routed_max = 700;

std::size_t pieces(const LayoutTask& task, const LayoutTask::Edge& edge) {
    const auto from = task.boxes[edge.from].level;
    const auto to = task.boxes[edge.to].level;
    return from < to ? to - from : from - to;
}

} // namespace

std::vector<bool> choose_routed(const LayoutTask& task) {
    std::vector<std::size_t> order(task.edges.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        return pieces(task, task.edges[a]) < pieces(task, task.edges[b]);
    });
    std::vector<bool> is_routed(task.edges.size());
    std::size_t spent = 0;
    std::size_t count = 0;
    for (const auto i : order) {
        if (pieces(task, task.edges[i]) == 0)
            continue;
        spent += pieces(task, task.edges[i]);
        if (spent > pieces_max || ++count > routed_max)
            break;
        is_routed[i] = true;
    }
    return is_routed;
}

std::vector<Point> plain_curve(const LayoutTask& task, const Layout& layout,
                               const LayoutTask::Edge& edge) {
    const auto& from = task.boxes[edge.from];
    const auto& to = task.boxes[edge.to];
    const auto a = layout.centres[edge.from];
    const auto b = layout.centres[edge.to];
    const double a_right = a.x + from.width / 2;
    const double b_left = b.x - to.width / 2;
    if (edge.from == edge.to) {
        const double top = a.y - from.height / 2;
        return {{a.x - 12, top}, {a.x - 30, top - 34}, {a.x + 30, top - 34}, {a.x + 12, top}};
    }
    if (from.level < to.level) {
        const double bend = (b_left - a_right) / 2;
        return {{a_right, a.y}, {a_right + bend, a.y}, {b_left - bend, b.y}, {b_left, b.y}};
    }
    if (from.level == to.level) {
        // Down on the right and up on the left, so that there and back are two curves.
        const double side = a.y < b.y ? 1 : -1;
        const double a_side = a.x + side * from.width / 2;
        const double b_side = b.x + side * to.width / 2;
        const double bend = a.x + side * (std::max(from.width, to.width) / 2 + 44);
        return {{a_side, a.y}, {bend, a.y}, {bend, b.y}, {b_side, b.y}};
    }
    const double a_top = a.y - from.height / 2;
    const double b_top = b.y - to.height / 2;
    const double lift = 30 + std::min(120.0, (a.x - b.x) / 8);
    return {{a.x, a_top}, {a.x, a_top - lift}, {b.x, b_top - lift}, {b.x, b_top}};
}

} // namespace nodes
