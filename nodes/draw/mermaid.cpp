#include "nodes/draw/mermaid.hpp"

#include "nodes/draw/placed_picture.hpp"
#include "nodes/text/escape.hpp"

#include <fmt/format.h>

#include <vector>

namespace nodes {

namespace {

/// Mermaid styles links by their number in the chart.
struct Links {
    std::size_t count = 0;
    std::vector<std::size_t> cycle;
    std::vector<std::size_t> cut;
    std::vector<std::size_t> loop;
};

std::string node_line(const Picture& picture, std::size_t number, std::size_t i) {
    const auto& node = picture.nodes[i];
    auto label = escape_mermaid(node.name);
    if (node.folded_count > 0)
        label += "<br/>" + escape_mermaid(folded_text(picture, node));
    // Round ends for what comes from outside, as far as Mermaid has shapes.
    return fmt::format("  p{}n{}{}\"{}\"{}{}\n", number, i, node.is_entry ? "([" : "[", label,
                       node.is_entry ? "])" : "]", node.is_on_cycle ? ":::cycle" : "");
}

std::string edge_line(const Picture& picture, std::size_t number, const Picture::Edge& edge) {
    std::string label;
    for (const auto& mark : edge.marks)
        label += "(" + mark_text(picture, mark) + ") ";
    if (edge.is_cut)
        label += "✕ ";
    if (edge.rounds_max)
        label += fmt::format("n≤{} ", *edge.rounds_max);
    if (edge.via_count > 1)
        label += fmt::format("{} {}", edge.via_count,
                             picture.view == View::events ? "handlers" : "events");
    else if (!edge.vias.empty())
        label += edge.vias.front().name;
    const auto* arrow = edge.is_cut || edge.rounds_max ? "-.->"
                        : edge.marks.empty()           ? "-->"
                                                       : "==>";
    return fmt::format("  p{0}n{1} {2}|\"{3}\"| p{0}n{4}\n", number, edge.from, arrow,
                       escape_mermaid(label), edge.to);
}

void note_link(const Picture::Edge& edge, Links& links) {
    if (edge.rounds_max)
        links.loop.push_back(links.count);
    else if (edge.is_cut)
        links.cut.push_back(links.count);
    else if (!edge.marks.empty())
        links.cycle.push_back(links.count);
    ++links.count;
}

std::string style_line(const std::vector<std::size_t>& links, const char* style) {
    std::string numbers;
    for (const auto link : links)
        numbers += fmt::format("{}{}", numbers.empty() ? "" : ",", link);
    return links.empty() ? "" : fmt::format("  linkStyle {} {}\n", numbers, style);
}

} // namespace

std::string mermaid_document(std::span<const Picture> pictures) {
    std::string text = "flowchart LR\n";
    Links links;
    for (std::size_t number = 0; number < pictures.size(); ++number) {
        const auto& picture = pictures[number];
        for (const auto& note : picture.notes)
            text += "  %% " + escape_mermaid(note) + "\n";
        if (pictures.size() > 1)
            text += fmt::format("  subgraph p{}[\"{}\"]\n", number, escape_mermaid(picture.title));
        for (std::size_t i = 0; i < picture.nodes.size(); ++i)
            text += node_line(picture, number, i);
        for (const auto& edge : picture.edges) {
            text += edge_line(picture, number, edge);
            note_link(edge, links);
        }
        if (pictures.size() > 1)
            text += "  end\n";
    }
    text += "  classDef cycle stroke:#c22f2f,stroke-width:3px\n";
    text += style_line(links.cycle, "stroke:#c22f2f,stroke-width:3.4px");
    text += style_line(links.cut, "stroke:#c22f2f,stroke-width:3px,stroke-dasharray:9 6");
    text += style_line(links.loop, "stroke:#2c7a3f,stroke-width:2px");
    return text;
}

} // namespace nodes
