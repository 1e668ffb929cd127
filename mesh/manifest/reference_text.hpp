#pragma once

#include "mesh/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// A `$ref`, taken apart.
struct ReferenceText {
    std::string path;                 ///< relative to the file that holds it; empty: that file
    std::vector<std::string> pointer; ///< the names and indices to walk, from the top
};

/// Takes a `$ref` apart: `other.yaml#/components/messages/Lit`. Escapes of URLs (`%20`) and of JSON
/// pointers (`~0`, `~1`) are resolved; RFC 3986 and RFC 6901.
/// Errors: `invalid` for what leads to the network or away from relative paths, or is no pointer.
Result<ReferenceText> parse_reference(std::string_view text);

} // namespace mesh
