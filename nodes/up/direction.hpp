#pragma once

#include "mesh/base/time.hpp"
#include "mesh/net/mailbox.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

class Supervisor;

/// A process of a run, as whoever directs the run sees it.
struct DirectedProcess {
    enum class State {
        waiting,  ///< its turn has not come
        starting, ///< runs, and has not said that it is ready
        ready,
        pausing, ///< failed, and will be started again
        stopped, ///< by order, or a replica that was not asked for yet
        ended,   ///< by itself
    };

    std::string service;
    std::uint32_t replica = 1;
    std::string instance;
    State state = State::waiting;
    bool is_paused = false;
    std::uint64_t ended_count = 0; ///< lives that are over

    bool is_running() const { return state == State::starting || state == State::ready; }
};

/// What somebody has a supervisor do while it runs, and what he sees of it. Two threads: the one
/// that directs, and the supervisor's.
class Direction {
public:
    enum class Act { start, stop, kill, pause, resume };

    struct View {
        std::vector<DirectedProcess> processes; ///< in the order of the plan
        bool is_stopping = false; ///< for whatever reason: nothing is ordered any more
    };

    // Who directs.

    /// Is carried out soon, and then seen.
    void order(Act act, std::vector<std::size_t> processes);

    /// Text for a stream that the supervisor writes to as well.
    void write(std::ostream& stream, std::string text);

    View view() const;

    /// Waits until the condition holds; false when it did not by then. Stopping counts as holding.
    bool wait(mesh::TimePoint until, const std::function<bool(const View&)>& condition) const;

    /// The run ends: everything is stopped, and the code is that of the program, unless a service
    /// fails.
    void end(int code);

    // The supervisor.

    /// Readable when `run` has something to do.
    int fd() const { return mailbox_.fd(); }

    /// Writes what is to be written, and has the supervisor carry out what was ordered; without
    /// one, nothing is carried out any more.
    void run(Supervisor* supervisor);

    void show(View view);

    /// The run is over, or never began.
    void stop();

    std::optional<int> ended_with() const;

private:
    mesh::Mailbox mailbox_;
    Supervisor* supervisor_ = nullptr; ///< of `run`, which uses it

    mutable std::mutex mutex_; ///< guards the rest
    mutable std::condition_variable changed_;
    View view_;
    std::optional<int> code_;
};

} // namespace nodes
