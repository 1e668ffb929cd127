#include "nodes/text/table.hpp"

#include "nodes/text/escape.hpp"
#include "nodes/text/utf8.hpp"

#include <algorithm>

namespace nodes {

std::string table(const std::vector<std::vector<std::string>>& rows, std::size_t width_max) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths.resize(std::max(widths.size(), i + 1));
            widths[i] =
                std::min(width_max, std::max(widths[i], width_columns(escape_terminal(row[i]))));
        }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const auto cell = escape_terminal(row[i]);
            line += cell;
            line.append(widths[i] + 2 - std::min(widths[i], width_columns(cell)), ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

} // namespace nodes
