#pragma once

#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"
#include "nodes/process/process.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace nodes {

/// A command for the shell, run to its end.
struct ShellRun {
    std::string command;
    std::string folder;
    Environment environment;
    mesh::TimePoint deadline;                       ///< then it is killed
    std::function<bool()> is_stopped;               ///< asked every 20 ms: then too
    std::function<void(std::string_view text)> out; ///< what it writes, as it comes
    std::function<void(std::string_view text)> err;
};

/// Returns how it ended, nothing when it was killed before. What it leaves behind in its process
/// group is killed. Errors: as Process::start.
mesh::Result<std::optional<ExitStatus>> run_shell(const ShellRun& run);

} // namespace nodes
