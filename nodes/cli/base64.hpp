#pragma once

#include "mesh/base/bytes.hpp"

#include <string>

namespace nodes {

/// RFC 4648, section 4: the plain alphabet, padded, on one line.
std::string base64_of(mesh::Bytes bytes);

} // namespace nodes
