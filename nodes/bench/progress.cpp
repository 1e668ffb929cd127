#include "nodes/bench/progress.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>
#include <unistd.h>

namespace nodes {

namespace {

constexpr std::string_view clear_line = "\r\033[K";

void write_out(std::string_view text) {
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

} // namespace

Progress::How Progress::on_stderr(bool is_quiet) {
    if (is_quiet)
        return How::silent;
    return isatty(STDERR_FILENO) == 1 ? How::one_line : How::lines;
}

void Progress::step(const std::string& what) {
    const auto text = progress_text(done_++, steps_, what, mesh::now() - started_);
    if (how_ == How::one_line)
        write_out(std::string(clear_line) + text);
    if (how_ == How::lines)
        write_out("dagmesh: " + text + "\n");
}

void Progress::clear() {
    if (how_ == How::one_line)
        write_out(clear_line);
}

std::string progress_text(std::size_t done, std::size_t steps, const std::string& what,
                          mesh::Duration so_far) {
    auto text = fmt::format("{} of {}, {}", done + 1, steps, what);
    if (done == 0 || done >= steps)
        return text;
    const auto left =
        so_far / static_cast<std::int64_t>(done) * static_cast<std::int64_t>(steps - done);
    return text +
           fmt::format(", about {} s to go", std::chrono::ceil<std::chrono::seconds>(left).count());
}

} // namespace nodes
