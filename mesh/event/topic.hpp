#pragma once

#include "mesh/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace mesh {

/// Longest topic and pattern. ZeroMQ 4.3.4 never matches filters of 246 to 255 bytes, and a name
/// that long helps nobody.
inline constexpr std::size_t topic_size_bytes_max = 200;

/// Checks a topic: tokens joined by dots, such as `order.created`. UTF-8 of 1 to 200 bytes, case
/// matters; no empty token, blank, control character, `*` or `>`.
/// Errors: `invalid`, saying what is wrong with it.
Result<void> check_topic(std::string_view topic);

/// Whether `text` is well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

} // namespace mesh
