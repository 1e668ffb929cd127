#pragma once

#include "mesh/base/time.hpp"
#include "nodes/cli/file_descriptor.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace nodes {

/// The lines of a descriptor, for a thread that may be asked to stop while it waits for one.
class LineInput {
public:
    /// `fd` stays the caller's. Throws std::system_error when the kernel gives no descriptor.
    explicit LineInput(int fd);

    /// The next line without its end; nothing at the end of the input and after `stop`. A line of
    /// more than 2 MiB, which no event could hold, comes in parts.
    std::optional<std::string> next();

    /// Waits for that moment. False when it was stopped before.
    bool wait_until(mesh::TimePoint moment) const;

    /// Any thread: nothing waits any more.
    void stop() const;

private:
    std::optional<std::string> take_line();

    int fd_;
    FileDescriptor stopped_;
    std::string buffer_;
    std::size_t start_ = 0; ///< of what is not taken yet
    bool is_at_end_ = false;
};

} // namespace nodes
