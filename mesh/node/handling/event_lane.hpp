#pragma once

#include "mesh/base/log.hpp"
#include "mesh/flow/receiving/lane_schedule.hpp"
#include "mesh/net/worker_threads.hpp"
#include "mesh/node/handling/feed.hpp"
#include "mesh/node/handling/handler_calls.hpp"
#include "mesh/wire/reserved_headers.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace mesh {

/// An event on its own, with what it views.
struct LaneEvent {
    std::shared_ptr<Feed> feed;
    std::shared_ptr<const ReceivedBatch> batch;
    std::shared_ptr<const std::string> topic;
    ArrivedEvent event;
    ReservedHeaders reserved;
    bool is_atomic = false;        ///< to be handled by an AtomicStretch
    Completion::Ticket ticket = 0; ///< of its feed
};

/// The lane of a handler whose events do not simply run one after the other: several workers,
/// another order, or attempts that are repeated. LaneSchedule says which is next. What waits is
/// bounded by the credit that its node grants. Any thread may push, but one at a time.
class EventLane {
public:
    /// `progressed` is called by a worker when there is something to acknowledge. The threads start
    /// with the first event.
    EventLane(HandlerCalls& calls, std::function<void()> progressed);

    /// Drops what waits, and waits for what runs.
    ~EventLane();
    EventLane(const EventLane&) = delete;
    EventLane& operator=(const EventLane&) = delete;

    void push(std::vector<LaneEvent> events);

    /// A worker calls it before it handles another event.
    void push_notice(std::function<void()> notice);

    /// Nothing is taken until `resume`; a worker finishes what it has taken.
    void pause();
    void resume();

    /// Drops what waits. The events that run now are the last.
    void clear();

    /// Whether nothing waits and nothing runs.
    bool is_idle() const;

private:
    using Lock = std::unique_lock<std::mutex>;

    void start();
    void work();
    void wait(Lock& lock);
    bool run_notice(Lock& lock);
    bool run_stretch(Lock& lock, std::vector<LaneSchedule::Start>& stretch);

    /// What became of a stretch.
    struct Handled {
        std::size_t count = 0;        ///< events that are dealt with, from the first on
        Outcome next = Outcome::done; ///< of the one behind them, if it was begun
        std::string error;            ///< why it failed
    };

    Handled handle(const std::vector<LaneEvent*>& events,
                   const std::vector<LaneSchedule::Start>& stretch, std::uint64_t generation);
    void handle_together(const std::vector<LaneEvent*>& events,
                         const std::vector<LaneSchedule::Start>& stretch, std::uint64_t generation,
                         Handled& handled);
    void settle(Lock& lock, const LaneSchedule::Start& start, Outcome outcome,
                std::uint64_t generation, const std::string& error);

    bool is_current(std::uint64_t generation) const {
        return generation_.load(std::memory_order_relaxed) == generation;
    }

    HandlerCalls& calls_;
    std::function<void()> progressed_;
    CountedWarning unkept_{"the disk did not keep what a handler did, which is tried again"};
    std::size_t stretch_max_;

    mutable std::mutex mutex_; ///< guards the rest, but for threads_
    std::condition_variable wake_;
    LaneSchedule schedule_;
    std::deque<LaneEvent> events_; ///< by slot
    std::deque<std::function<void()>> notices_;
    std::minstd_rand random_{std::random_device{}()};
    std::atomic<std::uint64_t> generation_{0}; ///< rises with each `clear`; read without the lock
    std::size_t idle_count_ = 0;
    std::size_t notices_running_ = 0;
    bool is_paused_ = false;
    bool is_over_ = false; ///< the handler handles nothing any more
    bool is_stopping_ = false;

    WorkerThreads threads_;
};

} // namespace mesh
