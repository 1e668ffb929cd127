#pragma once

#include "mesh/base/time.hpp"
#include "nodes/cli/signals.hpp"

#include <string>
#include <vector>

namespace nodes {

/// How a program ran, as the kernel tells it.
struct ProgramRun {
    double wall_s = 0;
    double cpu_s = 0; ///< user and system
    double peak_mib = 0;
    int exit_code = -1;      ///< -1 when a signal ended it
    bool is_cut_off = false; ///< it took longer than it was given
    std::string output;      ///< what it wrote to stdout, when asked for
};

/// Runs a program to its end, at most for `patience`; it ends with this process. Its stderr and,
/// unless `keeps_output`, its stdout go nowhere. The peak of a program is never below that of who
/// starts it, so callers stay small.
/// Throws BenchStopped for a signal, std::runtime_error when it cannot be started.
ProgramRun run_program(const std::vector<std::string>& words, mesh::Duration patience,
                       StopSignals& signals, bool keeps_output = false);

/// The path of this program.
std::string own_path();

} // namespace nodes
