#pragma once

#include "mesh/base/result.hpp"

#include <string_view>

namespace mesh {

/// Checks the name of a realm, service, instance or handler: 1 to 200 bytes of UTF-8 without
/// blanks, control characters, `/`, `*` or `>`, and not `.` or `..`, because names become parts of
/// paths; in a path what is not plain takes three bytes a byte, and a part of it at most 250.
/// Errors: `invalid`, saying what is wrong with it.
Result<void> check_name(std::string_view name);

} // namespace mesh
