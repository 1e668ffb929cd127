#include "nodes/text/progress_line.hpp"

#include <algorithm>
#include <string_view>
#include <unistd.h>

namespace nodes {

namespace {

constexpr std::string_view clear_line = "\r\033[K";
constexpr double bar_width = 30;

} // namespace

std::string progress_bar(double share) {
    const auto done = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * bar_width);
    return "[" + std::string(done, '#') +
           std::string(static_cast<std::size_t>(bar_width) - done, '.') + "]";
}

void tell_progress_line(const std::string& what, std::optional<double> share, bool is_over) {
    const bool is_terminal = isatty(STDERR_FILENO) == 1;
    if (!is_terminal && !is_over)
        return;
    auto text = (share && is_terminal ? progress_bar(*share) + " " : std::string()) + what;
    if (is_terminal)
        text.insert(0, clear_line);
    if (is_over)
        text += "\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

} // namespace nodes
