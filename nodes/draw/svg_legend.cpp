#include "nodes/draw/svg_legend.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nodes {

namespace {

class Legend {
public:
    Legend(std::string prefix, double x, double y) : prefix_(std::move(prefix)), x_(x), y_(y) {}

    void line(const char* classes, const char* tip, const std::string& sign,
              const std::string& text) {
        add(fmt::format("<g class=\"edge {}\"><path class=\"line\" d=\"M{:.1f},{:.1f}h46\" "
                        "marker-end=\"url(#{}tip{})\"/></g>{}",
                        classes, x_, y_, prefix_, tip, sign),
            54, text);
    }

    void box(const char* classes, const std::string& sign, const std::string& text) {
        add(fmt::format("<g class=\"node {}\"><rect class=\"box\" x=\"{:.1f}\" y=\"{:.1f}\" "
                        "width=\"26\" height=\"16\" rx=\"4\"/>{}</g>",
                        classes, x_, y_ - 8, sign),
            34, text);
    }

    double x() const { return x_; }

    double y() const { return y_; }

    std::string finish() { return "<g class=\"key\">\n" + text_ + "</g>\n"; }

private:
    void add(const std::string& sign, double sign_width, const std::string& text) {
        text_ += fmt::format("{}<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", sign, x_ + sign_width,
                             y_ + 4, text);
        constexpr double column_width = 6.4;
        x_ += sign_width + column_width * static_cast<double>(text.size()) + 18;
    }

    std::string prefix_;
    double x_;
    double y_;
    std::string text_;
};

} // namespace

std::string svg_cross(double x, double y) {
    return fmt::format("<circle class=\"badge-cut\" cx=\"{0:.1f}\" cy=\"{1:.1f}\" r=\"8\"/>"
                       "<path class=\"cross\" d=\"M{2:.1f},{3:.1f}l7,7m0,-7l-7,7\"/>",
                       x, y, x - 3.5, y - 3.5);
}

std::string svg_legend(const Picture& picture, const std::string& prefix, double x, double y) {
    using Edge = Picture::Edge;
    using Node = Picture::Node;
    const auto any_edge = [&](auto is) { return std::ranges::any_of(picture.edges, is); };
    const auto any_node = [&](auto is) { return std::ranges::any_of(picture.nodes, is); };
    Legend legend(prefix, x, y + 18);
    if (!picture.edges.empty())
        legend.line("", "", "", "causes");
    if (any_edge([](const Edge& edge) { return !edge.marks.empty(); }))
        legend.line("cycle", "-cycle", "", "step of a cycle, numbered");
    if (any_edge([](const Edge& edge) { return edge.is_cut; }))
        legend.line("cut", "-cycle", svg_cross(legend.x() + 20, legend.y()), "proposed cut");
    if (any_edge([](const Edge& edge) { return edge.rounds_max.has_value(); }))
        legend.line("loop", "-loop", "", "allowed loop, n rounds");
    if (any_node([](const Node& node) { return node.is_entry; }))
        legend.box("entry",
                   fmt::format("<path class=\"gate\" d=\"M{:.1f},{:.1f}l7,4.5l-7,4.5z\"/>",
                               legend.x() + 5, legend.y() - 4.5),
                   "from outside");
    if (any_node([](const Node& node) { return node.is_wild; }))
        legend.box("wild", "", "pattern");
    return legend.finish();
}

} // namespace nodes
