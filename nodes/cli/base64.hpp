#pragma once

#include "mesh/base/bytes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nodes {

/// RFC 4648, section 4: the plain alphabet, padded, on one line.
std::string base64_of(mesh::Bytes bytes);

/// The reverse. Nothing for what is no such text.
std::optional<std::string> bytes_of_base64(std::string_view text);

} // namespace nodes
