#pragma once

#include "nodes/cli/line_input.hpp"
#include "nodes/commands/tool.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace nodes {

/// Publishes what `pub` was asked for, on a thread of its own, because publishing may wait, and
/// says what became of it.
class Publisher {
public:
    /// After a signal: as long as any node drains.
    static constexpr mesh::Duration stop_patience = std::chrono::seconds(10);

    /// Throws std::invalid_argument for options that cannot be.
    Publisher(const CommandLine& line, Tool& tool);

    /// Any thread: nothing more is published, and what is published is waited for a while.
    void stop();

    /// Waits for subscribers, publishes, and waits until everybody has acknowledged.
    ExitCode run();

private:
    bool has_subscribers();
    void publish_all();
    void publish(const mesh::Payload& payload);
    void note(const mesh::Result<void>& result);
    mesh::Result<void> request(const mesh::Payload& payload);
    ExitCode wait_stored();
    ExitCode code_of(mesh::ErrorCode code) const;
    bool wait_dry() const;
    ExitCode tell_left_over(bool is_dry) const;
    bool tell_short() const;

    /// Waits in short turns, so that a signal is noticed: until `is_met` or the deadline; once
    /// stopped, for `after_stop` at most.
    template <class IsMet>
    bool wait(mesh::TimePoint deadline, mesh::Duration after_stop, const IsMet& is_met) const {
        constexpr mesh::Duration turn = std::chrono::milliseconds(50);
        for (bool was_stopped = false;;) {
            if (is_stopped_ && !std::exchange(was_stopped, true))
                deadline = std::min(deadline, mesh::now() + after_stop);
            const auto left = deadline - mesh::now();
            if (is_met(std::clamp(left, mesh::Duration{}, turn)))
                return true;
            if (left <= mesh::Duration{})
                return false;
        }
    }

    const CommandLine& line_;
    Tool& tool_;
    std::string topic_;
    mesh::Duration patience_; ///< what is left of it, when --timeout gave it
    mesh::EventOptions options_;
    LineInput input_;
    std::uint64_t wanted_ = 0; ///< events asked for; 0: as many as there are
    std::uint64_t sent_ = 0;
    mesh::TimePoint first_at_{};
    std::atomic<bool> has_failed_{false};
    std::atomic<bool> is_stopped_{false};

    std::mutex mutex_; ///< guards the rest
    std::condition_variable changed_;
    std::uint64_t stored_ = 0;           ///< or failed
    std::uint64_t published_ = 0;        ///< those that did not fail
    bool was_cut_off_ = false;           ///< one was not published because the node stopped
    std::optional<mesh::Error> failure_; ///< the first one
};

} // namespace nodes
