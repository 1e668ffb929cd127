#pragma once

#include <map>
#include <string>

namespace tests {

/// Reads a text that stands in `file`, with `others` beside it, and ends the program when the
/// reading breaks its word: errors have a message that can be printed and a place in one of the
/// files, reading twice gives the same, and what has no errors can be checked.
void check_reading(const std::string& text, const std::string& file,
                   const std::map<std::string, std::string>& others);

} // namespace tests
