#pragma once

#include "mesh/base/result.hpp"

#include <cstddef>
#include <string>

namespace mesh {

/// The first bytes of a file, at most `size_bytes_max` of them. Never waits: what is no regular
/// file, such as a named pipe or a device, is refused unread.
/// Errors: `environment`, saying what is in the way.
Result<std::string> read_file(const std::string& path, std::size_t size_bytes_max);

/// Whether the path leads to a regular file. False when it leads nowhere.
bool is_regular_file(const std::string& path);

} // namespace mesh
