#pragma once

#include "mesh/base/bytes.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace nodes {

/// Deepest nesting of arrays and objects that is converted; deeper ones are treated as no JSON.
inline constexpr std::size_t json_depth_max = 64;

/// One msgpack value as compact JSON text. Keys keep their order, bytes become base64 text, NaN and
/// infinity become null. Nothing for bytes that are no msgpack, for text that is no UTF-8, for keys
/// that are no text, for what follows behind the value, and beyond json_depth_max.
std::optional<std::string> json_of_msgpack(mesh::Bytes bytes);

/// The same of JSON text: brings it on one line. Nothing for what is no JSON or too deep.
std::optional<std::string> compact_json(std::string_view text);

/// JSON text as msgpack, keys in their order. Nothing for what is no JSON or too deep.
std::optional<std::string> msgpack_of_json(std::string_view text);

/// The text as a JSON string with its quotes; broken UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

} // namespace nodes
