#pragma once

#include "mesh/base/result.hpp"

#include <string_view>

namespace mesh {

/// Checks the name of a realm, service or handler: 1 to 200 bytes of UTF-8 without blanks, control
/// characters, `/`, `*` or `>`, and not `.` or `..`, because names become parts of paths.
/// Errors: `invalid`, saying what is wrong with it.
Result<void> check_name(std::string_view name);

} // namespace mesh
