#include "nodes/draw/dot.hpp"

#include "nodes/draw/placed_picture.hpp"
#include "nodes/text/escape.hpp"

#include <fmt/format.h>

namespace nodes {

namespace {

std::string node_line(const Picture& picture, std::size_t i) {
    const auto& node = picture.nodes[i];
    auto label = escape_dot(node.name);
    if (node.folded_count > 0)
        label += "\\n" + folded_text(picture, node);
    auto line = fmt::format("  n{} [label=\"{}\", tooltip=\"{}\"", i, label,
                            escape_dot(tooltip_of(picture, node)));
    if (node.is_on_cycle)
        line += ", color=\"#c22f2f\", penwidth=2.6";
    if (node.folded_count > 0)
        line += ", peripheries=2";
    if (node.is_entry || node.is_wild)
        line += fmt::format(", style=\"rounded{}{}\"", node.is_entry ? ",bold" : "",
                            node.is_wild ? ",dashed" : "");
    return line + "];\n";
}

std::string label_of_edge(const Picture& picture, const Picture::Edge& edge) {
    std::string label;
    const auto add = [&label](const std::string& part) {
        label += (label.empty() ? "" : "  ") + part;
    };
    for (const auto& mark : edge.marks)
        add("(" + mark_text(picture, mark) + ")");
    if (edge.is_cut)
        add("x");
    if (edge.rounds_max)
        add(fmt::format("n<={}", *edge.rounds_max));
    if (edge.via_count > 1)
        add(fmt::format("{} {}", edge.via_count,
                        picture.view == View::events ? "handlers" : "events"));
    else if (!edge.vias.empty())
        add(edge.vias.front().name);
    return label;
}

std::string edge_line(const Picture& picture, const Picture::Edge& edge) {
    auto line = fmt::format("  n{} -> n{} [label=\"{}\", edgetooltip=\"{}\"", edge.from, edge.to,
                            escape_dot(label_of_edge(picture, edge)),
                            escape_dot(tooltip_of(picture, edge)));
    if (!edge.marks.empty())
        line += ", color=\"#c22f2f\", penwidth=3.4";
    else if (edge.is_cut)
        line += ", color=\"#c22f2f\"";
    if (edge.is_cut)
        line += ", style=dashed";
    if (edge.rounds_max)
        line += ", color=\"#2c7a3f\", style=dotted, penwidth=2";
    if (picture.nodes[edge.from].level >= picture.nodes[edge.to].level)
        line += ", constraint=false";
    return line + "];\n";
}

std::string graph_text(const Picture& picture) {
    auto title = picture.title;
    for (const auto& note : picture.notes)
        title += "\n" + note;
    auto text =
        fmt::format("digraph \"{0}\" {{\n"
                    "  graph [label=\"{1}\", labelloc=t, rankdir=LR, fontname=\"Helvetica\"];\n"
                    "  node [shape=box, style=rounded, fontname=\"Courier\", fontsize=12];\n"
                    "  edge [fontname=\"Courier\", fontsize=10, color=\"#66727f\"];\n",
                    escape_dot(picture.title), escape_dot(title));
    for (std::size_t i = 0; i < picture.nodes.size(); ++i)
        text += node_line(picture, i);
    for (const auto& level : picture.levels) {
        text += "  {rank=same;";
        for (const auto node : level)
            text += fmt::format(" n{};", node);
        text += "}\n";
    }
    for (const auto& edge : picture.edges)
        text += edge_line(picture, edge);
    return text + "}\n";
}

} // namespace

std::string dot_document(std::span<const Picture> pictures) {
    std::string text;
    for (const auto& picture : pictures)
        text += graph_text(picture);
    return text;
}

} // namespace nodes
