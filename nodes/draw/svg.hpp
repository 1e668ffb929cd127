#pragma once

#include "nodes/draw/placed_picture.hpp"

#include <span>
#include <string>
#include <string_view>

namespace nodes {

/// How the parts of an SVG look, light and dark; a page that holds the SVG gives it once.
std::string_view svg_style();

/// One picture as an `<svg>` element. `number` makes its ids differ from those of others on the
/// page: `p0n3` is node 3 of picture 0, `p0e3` an edge. Written for a screen that shows grey only:
/// thickness, dashes and numbers say all that colours say.
std::string svg_element(const PlacedPicture& placed, std::size_t number, bool has_style);

/// Pictures one below the other as an SVG document.
std::string svg_document(std::span<const PlacedPicture> pictures);

/// What the classes of a node and an edge are; pages use the same ones.
std::string class_of(const Picture::Node& node);
std::string class_of(const Picture::Edge& edge);

} // namespace nodes
