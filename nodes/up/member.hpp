#pragma once

#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"
#include "nodes/process/backoff.hpp"
#include "nodes/process/line_splitter.hpp"
#include "nodes/up/output.hpp"
#include "nodes/up/plan.hpp"
#include "nodes/up/report.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <poll.h>
#include <string>
#include <vector>

namespace nodes {

/// One planned process through all its lives: starts it, reads what it says, notices its end. What
/// follows from that is decided by the supervisor, which alone sets `state`.
class Member {
public:
    enum class State {
        waiting,  ///< its turn has not come
        starting, ///< runs, and has not said that it is ready
        ready,    ///< runs
        pausing,  ///< failed, and will be started again
        stopped,  ///< by order, or not asked for yet: may be started
        ended,    ///< for good
    };

    /// `index` is its number in the output. Output and report must outlive it.
    Member(std::size_t index, PlannedProcess plan, Output& output, RunReport& report);

    const PlannedProcess& plan() const { return plan_; }

    /// Begins a life. `expect` lists the services that it must see. Errors: as Process::start.
    mesh::Result<void> start(const std::string& expect, mesh::TimePoint now);

    bool is_running() const { return process_.has_value(); }

    void send(int signal);

    /// What to poll for reading. Empty when it does not run.
    void add_to(std::vector<pollfd>& polled);

    /// Reads what there is and turns `ready` when it says so. Call it after poll.
    void read(mesh::TimePoint now);

    /// How it ended, once after each life, when all that it wrote is read. Programs that it left
    /// behind may write a second longer; then they are killed.
    std::optional<ExitStatus> take_exit(mesh::TimePoint now);

    /// When take_exit must be asked even if nothing more is readable.
    std::optional<mesh::TimePoint> exit_deadline() const;

    State state = State::waiting;
    bool was_ready = false; ///< in any of its lives
    bool is_told_to_stop = false;
    bool is_ordered_to_stop = false; ///< alone, while the others go on
    bool is_killed_by_order = false;
    bool is_paused = false;
    std::uint64_t ended_count = 0; ///< lives that are over
    mesh::TimePoint started_at;    ///< this life
    mesh::TimePoint ready_by;      ///< while it is not ready
    mesh::TimePoint restart_at;    ///< while pausing
    mesh::TimePoint stop_by;       ///< while ordered to stop
    Backoff backoff;

private:
    /// Everything that the pipe holds, or a share when more keeps coming.
    static void read_pipe(FileDescriptor& pipe, LineSplitter& splitter,
                          const LineSplitter::Sink& sink);
    void read_pipes();
    void note_ready_line(std::string_view line);
    void note_report_line(std::string_view line);

    std::size_t index_;
    PlannedProcess plan_;
    Output& output_;
    RunReport& report_;
    std::optional<Process> process_;
    std::optional<mesh::TimePoint> exited_at_;
    LineSplitter out_lines_;
    LineSplitter err_lines_;
    LineSplitter ready_lines_;
    LineSplitter report_lines_;
};

} // namespace nodes
