#include "nodes/draw/placed_picture.hpp"

#include "nodes/text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nodes {

namespace {

// Fixed-width fonts are 0.6 em wide, give or take a hundredth; names are set in 13 pixels, labels
// in 11.
constexpr double name_column_width = 7.9;
constexpr double label_column_width = 6.7;
constexpr double box_height = 32;
constexpr double folded_height = 46;
constexpr double box_padding = 30;

constexpr std::size_t name_columns_max = 44;
constexpr std::size_t via_columns_max = 30;

/// Up to so many edges, each says what it is; above, only those that stand out.
constexpr std::size_t named_edges_max = 60;
constexpr std::size_t badges_max = 3;
constexpr double badge_gap = 3;

std::string what_of(View view, std::size_t count) {
    const std::string what = view == View::events ? "handler" : "event";
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

double text_width(std::string_view text, double column_width) {
    return static_cast<double>(width_columns(text)) * column_width;
}

void add_badge(EdgeLabel& label, EdgeLabel::Kind kind, std::string text) {
    const double width = std::max(label_height, text_width(text, label_column_width) + 10);
    label.width += width + badge_gap;
    label.badges.push_back({kind, std::move(text), width});
}

EdgeLabel make_label(const Picture& picture, const Picture::Edge& edge, bool is_named) {
    EdgeLabel label;
    for (std::size_t i = 0; i < std::min(edge.marks.size(), badges_max); ++i)
        add_badge(label, EdgeLabel::Kind::step, mark_text(picture, edge.marks[i]));
    if (edge.is_cut)
        add_badge(label, EdgeLabel::Kind::cut, "x");
    if (edge.rounds_max)
        add_badge(label, EdgeLabel::Kind::loop, fmt::format("n<={}", *edge.rounds_max));
    if (edge.via_count > 1)
        label.text = what_of(picture.view, edge.via_count);
    else if (is_named && !edge.vias.empty())
        label.text = shortened(valid_utf8(edge.vias.front().name), via_columns_max);
    if (!label.text.empty())
        label.width += text_width(label.text, label_column_width) + 4;
    return label;
}

LayoutTask::Box make_box(const Picture& picture, const Picture::Node& node) {
    auto columns = width_columns(label_of(picture, node));
    if (node.folded_count > 0)
        columns = std::max(columns, width_columns(folded_text(picture, node)));
    return {std::max(60.0, static_cast<double>(columns) * name_column_width + box_padding),
            node.folded_count > 0 ? folded_height : box_height, node.level};
}

void add_line(std::string& text, const std::string& line) {
    text += "\n" + line;
}

} // namespace

mesh::Result<PlacedPicture> place_picture(Picture picture) {
    PlacedPicture placed{std::move(picture), {}, {}, {}};
    const auto& source = placed.picture;
    LayoutTask task;
    for (const auto& node : source.nodes)
        task.boxes.push_back(make_box(source, node));
    const bool is_named = source.edges.size() <= named_edges_max;
    const bool is_dense = source.edges.size() > 10 * named_edges_max;
    for (const auto& edge : source.edges) {
        auto label = make_label(source, edge, is_named);
        if (is_dense && edge.marks.empty() && !edge.rounds_max)
            label = {};
        const bool has_label = label.width > 0;
        task.edges.push_back({edge.from, edge.to, label.width, has_label ? label_room_height : 0});
        placed.labels.push_back(std::move(label));
    }
    auto layout = lay_out(task);
    if (!layout)
        return tl::unexpected(layout.error());
    placed.layout = std::move(*layout);
    placed.boxes = std::move(task.boxes);
    return placed;
}

std::string label_of(const Picture&, const Picture::Node& node) {
    return shortened(valid_utf8(node.name), name_columns_max);
}

std::string folded_text(const Picture& picture, const Picture::Node& node) {
    return fmt::format("{} {}", node.folded_count, to_text(picture.view));
}

std::string mark_text(const Picture& picture, const Picture::Mark& mark) {
    return picture.cycles.size() > 1 ? fmt::format("{}.{}", mark.cycle + 1, mark.step)
                                     : fmt::format("{}", mark.step);
}

std::string tooltip_of(const Picture& picture, const Picture::Node& node) {
    std::string text = node.name;
    if (node.folded_count > 0) {
        add_line(text, "stands for " + folded_text(picture, node));
        return text;
    }
    if (const auto where = mesh::to_string(node.place); !where.empty())
        add_line(text, where);
    if (node.is_entry)
        add_line(text, "comes from outside the mesh");
    if (node.is_on_cycle)
        add_line(text, "on a cycle");
    for (const auto& note : node.notes)
        add_line(text, note);
    return text;
}

std::string tooltip_of(const Picture& picture, const Picture::Edge& edge) {
    auto text = picture.nodes[edge.from].name + " causes " + picture.nodes[edge.to].name;
    for (const auto& mark : edge.marks)
        add_line(text, fmt::format("step {} of cycle {}", mark.step, mark.cycle + 1));
    if (edge.is_cut)
        add_line(text, "proposed cut: without it there is no such cycle");
    if (edge.rounds_max)
        add_line(text, fmt::format("allowed loop, at most {} rounds", *edge.rounds_max));
    constexpr std::size_t shown_max = 10;
    for (std::size_t i = 0; i < std::min(edge.vias.size(), shown_max); ++i) {
        const auto& via = edge.vias[i];
        add_line(text,
                 fmt::format("by {}{}", via.name, via.is_wild ? " (through a wildcard)" : ""));
        for (const auto* place : {&via.from_place, &via.to_place})
            if (const auto where = mesh::to_string(*place); !where.empty())
                add_line(text, "   " + where);
    }
    if (edge.via_count > std::min(edge.vias.size(), shown_max))
        add_line(text,
                 "and " +
                     what_of(picture.view, edge.via_count - std::min(edge.vias.size(), shown_max)) +
                     " more");
    return text;
}

} // namespace nodes
