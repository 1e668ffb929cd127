#pragma once

#include "nodes/check/check.hpp"

#include <iosfwd>
#include <string>

namespace nodes {

/// `dagmesh check --edges`: reads an edge list from `path`, `-` for stdin, and prints what it finds
/// on `out`, what is wrong with the input on `err`, and there, unless `is_quiet`, once a second how
/// far it is.
/// Returns the exit code: 0 without a cycle, 1 with one, 2 for input that cannot be used.
int check_edge_list(const std::string& path, const CheckOptions& options, bool is_quiet,
                    std::ostream& out, std::ostream& err);

} // namespace nodes
