#pragma once

#include "nodes/cli/option.hpp"

#include <string>

namespace nodes {

/// The help of the program, or of one command. At most 40 lines of 100 columns; ends with a
/// newline.
std::string help_text(const Command* command = nullptr);

/// `dagmesh VERSION`, with a newline.
std::string version_text();

} // namespace nodes
