#pragma once

#include "nodes/cli/file_descriptor.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nodes {

/// A process that is led line by line. Killed when this goes; its own part in ending with this
/// process is in `part_talk.hpp`. What it writes to stderr goes where this process writes it.
class Child {
public:
    /// Starts the program of that path, without DAGMESH_* in its environment.
    /// Throws std::runtime_error when it cannot be started.
    explicit Child(const std::vector<std::string>& words);
    Child(Child&& other) noexcept;
    Child& operator=(Child&& other) = delete;
    ~Child();

    void say(const std::string& line) const;

    /// Readable when it has said something, or is gone.
    int fd() const { return talk_.get(); }

    /// Takes what it has said. False when it is gone.
    bool listen();

    /// The next whole line of it.
    std::optional<std::string> next_line();

    /// The time of all processors that it has taken so far.
    std::chrono::nanoseconds processor_time() const;

    pid_t id() const { return pid_; }

    /// Kills it, and does not wait until it is gone.
    void end() const;

private:
    pid_t pid_ = -1;
    FileDescriptor talk_; ///< its stdin and stdout
    std::string said_;
};

} // namespace nodes
