#pragma once

#include "mesh/base/result.hpp"
#include "nodes/cli/environment.hpp"
#include "nodes/cli/file_descriptor.hpp"

#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nodes {

/// How a process ended: with a code, or by a signal.
struct ExitStatus {
    int code = 0;
    int signal = 0; ///< 0: none

    bool is_success() const { return code == 0 && signal == 0; }
};

/// `exited with 3`, `was killed by signal 9 (Killed)`.
std::string to_string(const ExitStatus& status);

/// What to start. `argv[0]` is looked up in the PATH of `environment`, from within `folder`.
struct ProcessStart {
    std::vector<std::string> argv;
    std::string folder; ///< empty: where this process is
    Environment environment;
    bool talks = false; ///< its stdin is a pipe too, and its stderr that of this process
};

/// One child process in a group of its own, with pipes for what it says. Reads from /dev/null,
/// unless it talks.
/// It gets DAGMESH_READY_FD (it writes the line `ready` there) and DAGMESH_REPORT_FD (one JSON
/// line when it ends), which are 3 and 4: more digits are too many for some shells.
/// When this process dies, the kernel sends the child SIGTERM.
class Process {
public:
    /// Starts it. Returns when the program runs.
    /// Errors: `environment` for a program or folder that is not there, naming it.
    static mesh::Result<Process> start(const ProcessStart& start);

    Process(Process&& other) noexcept;
    Process& operator=(Process&& other) = delete;

    /// Kills it and all of its group if it is still there.
    ~Process();

    pid_t id() const { return pid_; }

    /// Readable when it has exited.
    int exit_fd() const { return exit_fd_.get(); }

    /// What it reads, if it talks. All are non-blocking; a closed one says -1.
    FileDescriptor& in() { return in_; }

    /// What it writes.
    FileDescriptor& out() { return out_; }

    FileDescriptor& err() { return err_; }

    FileDescriptor& ready() { return ready_; }

    FileDescriptor& report() { return report_; }

    /// Sends the signal to its whole group.
    void send(int signal) const;

    /// After it has exited: kills what is left of its group, and tells how it ended.
    ExitStatus reap();

private:
    Process() = default;

    pid_t pid_ = -1;
    FileDescriptor exit_fd_;
    FileDescriptor in_;
    FileDescriptor out_;
    FileDescriptor err_;
    FileDescriptor ready_;
    FileDescriptor report_;
};

} // namespace nodes
