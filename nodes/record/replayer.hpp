#pragma once

#include "mesh/base/time.hpp"
#include "nodes/cli/line_input.hpp"
#include "nodes/commands/tool.hpp"
#include "nodes/record/recorded_event.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nodes {

/// What is replayed of a recording, and how.
struct ReplayPlan {
    std::string file;
    double speed = 1; ///< 0: without pauses
    bool loops = false;
    std::vector<TopicChange> changes;
    mesh::WallTime from{};                        ///< the first to be replayed is not older
    mesh::WallTime until = mesh::WallTime::max(); ///< the last one not newer
    std::uint64_t subscribers_min = 1;
    mesh::Duration patience{};
    bool is_quiet = false;

    // What the recording holds, found by `look_through`.
    std::set<std::string> topics; ///< as they are replayed
    std::uint64_t events = 0;
    std::optional<mesh::WallTime> first_at; ///< of all events
};

/// Reads the recording once. Errors: `environment` for a file that cannot be read, `malformed`
/// naming the line.
mesh::Result<void> look_through(ReplayPlan& plan);

/// Publishes a recording on a thread of its own, because publishing may wait.
class Replayer {
public:
    Replayer(ReplayPlan plan, Tool& tool);

    /// Any thread: nothing more is published.
    void stop();

    /// Waits for subscribers, publishes each event at its moment, and waits until everybody has
    /// acknowledged.
    ExitCode run();

private:
    bool has_subscribers();
    ExitCode play();
    ExitCode publish(const RecordedEvent& event);
    void tell_progress(bool is_over);

    ReplayPlan plan_;
    Tool& tool_;
    LineInput pause_; ///< to wait on, and be stopped
    std::atomic<bool> is_stopped_{false};
    std::uint64_t published_ = 0;
    mesh::TimePoint told_at_{};
};

} // namespace nodes
