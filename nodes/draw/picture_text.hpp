#pragma once

#include "nodes/draw/picture.hpp"

#include <iosfwd>

namespace nodes {

struct TextStyle {
    bool use_colour = false;
    bool use_unicode = false; ///< arrows as one character; else ASCII, but for names
};

/// A picture as text for people: the nodes by level, below each what it causes and by what. There
/// is one arrow, and it means "causes". Equal pictures give equal bytes.
void print_picture(const Picture& picture, const TextStyle& style, std::ostream& out);

} // namespace nodes
