#pragma once

#include <string>
#include <vector>

namespace nodes {

/// Rows of cells as lines, the columns aligned and two blanks between: a cell that is wider than
/// `width_max` pushes the rest of its line to the right. What a terminal would obey is escaped.
std::string table(const std::vector<std::vector<std::string>>& rows, std::size_t width_max = 40);

} // namespace nodes
