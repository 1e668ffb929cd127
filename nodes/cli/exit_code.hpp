#pragma once

namespace nodes {

/// What the program says when it ends. When two apply, `usage` wins over `finding`.
enum class ExitCode : int {
    done = 0,           ///< warnings included, a drained stop included
    finding = 1,        ///< a finding of severity error, or an expectation that is not met
    usage = 2,          ///< wrong usage or invalid input
    timed_out = 3,      ///< short of what was asked for, or a live view that is not complete
    refused = 4,        ///< by the mesh
    environment = 5,    ///< the machine does not allow it: a port, an interface, a missing feature
    loss = 6,           ///< done, but events were lost
    service_failed = 7, ///< a service of `up`
    internal = 70,      ///< a bug
};

constexpr int to_int(ExitCode code) {
    return static_cast<int>(code);
}

/// The code after a second SIGINT or SIGTERM.
constexpr int after_signal(int signal) {
    return 128 + signal;
}

} // namespace nodes
