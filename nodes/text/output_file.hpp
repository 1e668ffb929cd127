#pragma once

#include "mesh/base/result.hpp"

#include <string>
#include <string_view>

namespace nodes {

/// Writes a file so that a reader sees the old content or all of the new one: into a temporary
/// file beside it, which then takes its name. What exists and is no plain file, such as a pipe or
/// `/dev/null`, is written to as it is.
/// Errors: `environment`, with the reason and without the path.
mesh::Result<void> write_file(const std::string& path, std::string_view content);

} // namespace nodes
