#pragma once

#include "mesh/graph/check_graph.hpp"
#include "nodes/draw/placed_picture.hpp"
#include "nodes/draw/view_graph.hpp"

#include <span>
#include <string>
#include <vector>

namespace nodes {

/// One thing that the search of a page finds.
struct PageEntry {
    std::string kind; ///< event, handler or service
    std::string name;
    std::string place;
};

/// One realm on a page.
struct PagePart {
    PlacedPicture placed;
    std::vector<mesh::Finding> findings;
    mesh::GraphReport::Counts counts;
    std::size_t longest_chain = 0;
    bool is_acyclic = true;
    std::vector<PageEntry> entries;
};

/// A page that opens offline: one HTML file without anything from elsewhere, which its own policy
/// forbids. Holds the pictures, their cycles to walk through by click or key, all findings, and a
/// search over events, handlers and services. Without scripts it can still be read.
std::string html_page(std::string_view title, std::span<const PagePart> parts);

/// The part of a page for one realm. The search knows all events, handlers and services of the
/// graph, up to 5,000.
PagePart make_page_part(PlacedPicture placed, const mesh::GraphInput& input,
                        const mesh::GraphReport& report);

std::string_view page_style();
std::string_view page_script();

} // namespace nodes
