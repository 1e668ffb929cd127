#pragma once

#include <string>
#include <vector>

namespace nodes {

/// Is one process of a round, a node that sends, receives or both, as `part_talk.hpp` says.
/// Throws std::invalid_argument for words that are no part.
[[noreturn]] void run_part(const std::vector<std::string>& words);

} // namespace nodes
