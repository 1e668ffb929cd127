#pragma once

#include "nodes/cli/file_descriptor.hpp"

#include <csignal>
#include <optional>

namespace nodes {

/// SIGINT and SIGTERM as something to poll. Make it in `main` before any thread, so that every
/// thread inherits the blocked signals; only one at a time.
class StopSignals {
public:
    /// Throws std::system_error when the kernel gives no descriptor.
    StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// Handles the signals as before again. Signals that nobody took are forgotten.
    ~StopSignals();

    /// Readable while a signal waits to be taken.
    int fd() const { return fd_.get(); }

    /// The next signal that came, or nothing; never waits.
    std::optional<int> take();

    /// After the first signal, for a program that drains in its own loop: from now on a signal
    /// ends the process at once with 128+n, even when that loop hangs. Call it on the main thread.
    static void exit_on_next();

private:
    sigset_t before_{};
    FileDescriptor fd_;
};

} // namespace nodes
