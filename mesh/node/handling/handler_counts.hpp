#pragma once

#include "mesh/base/time.hpp"
#include "mesh/flow/latency_histogram.hpp"
#include "mesh/node/handling/handled_runs.hpp"
#include "mesh/node/handling/handler_ledger.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace mesh {

/// What one handler has done with one topic. Every event that came is in the end one of `handled`,
/// `dead` and `ignored`; every attempt that did not succeed is `failed`.
struct TopicCounts {
    std::uint64_t handled = 0;
    std::uint64_t failed = 0;  ///< attempts
    std::uint64_t retried = 0; ///< attempts after the first one
    std::uint64_t overdue = 0; ///< attempts that took longer than the deadline; they failed
    std::uint64_t dead = 0;    ///< events given up, the expired ones included
    std::uint64_t expired = 0;
    std::uint64_t ignored = 0; ///< events of an idempotency key that was dealt with already
    std::uint64_t stopped = 0; ///< emissions that only a loop can have led to
    std::uint64_t lost = 0;
    std::uint64_t first_us = 0; ///< when the first was handled, Unix epoch
    std::uint64_t last_us = 0;
    LatencyHistogram latency; ///< from publish to handled

    /// The handler is done with one.
    void note_done(WallTime done);
};

/// The counts of one handler by topic. Any thread.
class HandlerCounts {
public:
    /// Calls `change` with the counts of the topic, under the lock.
    template <class Change>
    void change(std::string_view topic, Change change) {
        const std::lock_guard lock(mutex_);
        count_handled();
        change(counts_of(topic));
    }

    /// The same, and notes what became of the event for good.
    template <class Change>
    void change(const Event& event, Settled settled, Change change) {
        const std::lock_guard lock(mutex_);
        count_handled();
        change(counts_of(event.topic));
        ledger_.note(event, settled);
    }

    /// An event of a run that was handled at the first attempt, the usual case. Of one thread: that
    /// of a handler's only worker. The event's views live until `settle`.
    void note_handled(const Event& event, WallTime done) {
        if (!handled_.note(event, done)) {
            settle();
            handled_.note(event, done);
        }
    }

    /// Of that thread: nothing is viewed any more of what was noted.
    void settle();

    /// Calls `use` with the ledger, under the lock.
    template <class Use>
    void with_ledger(Use use) {
        const std::lock_guard lock(mutex_);
        count_handled();
        use(ledger_);
    }

    std::map<std::string, TopicCounts> all();

private:
    TopicCounts& counts_of(std::string_view topic);
    void count_handled();

    HandledRuns handled_; ///< noted by one thread, counted under the mutex

    std::mutex mutex_; ///< guards the rest
    HandlerLedger ledger_;
    std::map<std::string, TopicCounts, std::less<>> counts_;

    /// By hash, those found lately: none is ever taken away.
    std::array<std::pair<const std::string, TopicCounts>*, 256> found_{};
};

} // namespace mesh
