#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace mesh {

enum class LogLevel { debug, info, warning, error, off };

/// Writes one line to stderr: time, level, text. What others say may stand in it: control
/// characters are escaped, a line feed as `\n`. Any thread may call it.
void log(LogLevel level, std::string_view text);

/// The same of a text of several lines, which holds nothing that others say.
void log_lines(LogLevel level, std::string_view text);

/// Lines below `level` are not written from now on. The default is `info`.
void set_log_level(LogLevel level);

/// For what a stranger can cause as often as he likes: counts each occurrence, and logs the
/// first, the tenth, the hundredth and so on. Any thread may call it.
class CountedWarning {
public:
    /// `what` begins the line, for example "beacon dropped"; the text must outlive the object.
    explicit CountedWarning(std::string_view what) : what_(what) {}

    void operator()(std::string_view detail);

    std::uint64_t count() const { return count_.load(std::memory_order_relaxed); }

private:
    std::string_view what_;
    std::atomic<std::uint64_t> count_{0};
};

} // namespace mesh
