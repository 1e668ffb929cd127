#pragma once

#include <string_view>

namespace nodes {

/// ANSI escape sequences, for terminals that are to show colour.
namespace colour {

inline constexpr std::string_view red = "\033[1;31m";
inline constexpr std::string_view yellow = "\033[1;33m";
inline constexpr std::string_view green = "\033[32m";
inline constexpr std::string_view faint = "\033[2m";
inline constexpr std::string_view bold = "\033[1m";
inline constexpr std::string_view plain = "\033[0m";

} // namespace colour

} // namespace nodes
