#pragma once

#include "mesh/base/result.hpp"
#include "nodes/cli/option.hpp"

#include <cstdint>
#include <string_view>

namespace nodes {

enum class Format { text, json, csv };
enum class Color { automatic, always, never };

/// Each reads one value as a person types it. Errors: `invalid`, saying what was expected.
mesh::Result<std::uint64_t> parse_number(std::string_view text);
mesh::Result<double> parse_rate(std::string_view text); ///< above 0
mesh::Result<std::uint16_t> parse_port(std::string_view text);
mesh::Result<bool> parse_switch(std::string_view text); ///< true false yes no on off 1 0
mesh::Result<Format> parse_format(std::string_view text);
mesh::Result<Color> parse_color(std::string_view text);

/// Whether the text is a value of this kind. Errors: `invalid`, saying what was expected.
mesh::Result<void> check_value(ValueKind kind, std::string_view text);

} // namespace nodes
