#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nodes {

/// The text with U+FFFD for every byte that is no part of valid UTF-8. Paths may hold any bytes;
/// what other programs read may not.
std::string valid_utf8(std::string_view text);

/// How many columns of a fixed-width font the text takes: none for combining marks, two for wide
/// characters of East Asia and pictures, else one. Good enough for boxes; terminals differ.
std::size_t width_columns(std::string_view text);

/// The text, or its beginning and end with `...` between, so that it takes at most `columns_max`
/// (at least 8) columns. Never cuts a character.
std::string shortened(std::string_view text, std::size_t columns_max);

/// The text with spaces behind it, so that it takes at least `columns` columns.
std::string padded(std::string text, std::size_t columns);

} // namespace nodes
