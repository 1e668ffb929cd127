#pragma once

#include "mesh/base/time.hpp"
#include "mesh/event/event.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace mesh {

/// Events that a handler has handled and that HandlerCounts has not counted yet, in runs of those
/// that are counted alike. One thread notes them, without a lock; whoever wants to know what was
/// handled counts them under the lock of HandlerCounts, so nobody sees fewer than there were.
class HandledRuns {
public:
    /// Events of one topic that were published in one microsecond and handled in another one.
    struct Run {
        std::string_view topic;
        EventId id; ///< of the first
        WallTime published;
        WallTime done;
    };

    /// Of the thread that handles. False when there is no room: `clear` first, once all is counted.
    bool note(const Event& event, WallTime done) {
        if (size_.load(std::memory_order_relaxed) > 0 && last_.done == done &&
            last_.published == event.time && last_.topic.data() == event.topic.data()) {
            auto& count = runs_->counts[size_.load(std::memory_order_relaxed) - 1];
            count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_release);
            return true;
        }
        return begin(event, done);
    }

    /// Calls `count` with each run and how many events of it were not counted before. Under the
    /// lock, as `clear` is.
    template <class Count>
    void take(Count count) {
        const auto size = size_.load(std::memory_order_acquire);
        for (auto i = taken_runs_ - (taken_runs_ > 0 ? 1 : 0); i < size; ++i) {
            const auto now = runs_->counts[i].load(std::memory_order_acquire);
            const auto before = i + 1 == taken_runs_ ? taken_of_last_ : 0;
            if (now > before)
                count(runs_->runs[i], now - before);
            taken_of_last_ = now;
        }
        taken_runs_ = size;
    }

    /// Of the thread that handles, when all is taken: what the runs view may go.
    void clear() {
        size_.store(0, std::memory_order_relaxed);
        taken_runs_ = taken_of_last_ = 0;
    }

    bool is_empty() const { return size_.load(std::memory_order_relaxed) == 0; }

private:
    static constexpr std::size_t runs_max = 256;

    struct Runs {
        std::array<Run, runs_max> runs;
        std::array<std::atomic<std::size_t>, runs_max> counts;
    };

    bool begin(const Event& event, WallTime done) {
        const auto size = size_.load(std::memory_order_relaxed);
        if (size == runs_max)
            return false;
        if (!runs_)
            runs_ = std::make_unique<Runs>();
        last_ = {event.topic, event.id, event.time, done};
        runs_->runs[size] = last_;
        runs_->counts[size].store(1, std::memory_order_relaxed);
        size_.store(size + 1, std::memory_order_release);
        return true;
    }

    std::unique_ptr<Runs> runs_; ///< made with the first event
    std::atomic<std::size_t> size_{0};
    Run last_;

    // Under the lock.
    std::size_t taken_runs_ = 0;
    std::size_t taken_of_last_ = 0; ///< of the last of them
};

} // namespace mesh
