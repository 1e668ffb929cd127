#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace nodes {

/// Cuts a stream of bytes into whole lines, whatever the pieces in which it arrives. Pure.
class LineSplitter {
public:
    /// Gets each line without its end; the view lives during the call.
    using Sink = std::function<void(std::string_view line)>;

    /// A line longer than this is cut, and says how much is missing.
    explicit LineSplitter(std::size_t line_size_bytes_max = std::size_t{1024} * 1024)
        : line_size_bytes_max_(line_size_bytes_max) {}

    /// Takes the next bytes.
    void feed(std::string_view bytes, const Sink& sink);

    /// The stream has ended: what is left counts as a line.
    void finish(const Sink& sink);

private:
    void append(std::string_view part);
    void end_line(const Sink& sink);

    std::size_t line_size_bytes_max_;
    std::string line_;
    std::size_t cut_size_bytes_ = 0;
};

} // namespace nodes
