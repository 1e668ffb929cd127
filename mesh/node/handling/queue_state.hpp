#pragma once

#include "mesh/base/time.hpp"
#include "mesh/node/handling/emitter.hpp"
#include "mesh/node/handling/taken_event.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// An event that a lane offers, and waits for until somebody is done with it.
struct Offer {
    enum class State { waiting, taken, done, failed, abandoned };

    const Event& event;
    Emitter& emitter;
    State state = State::waiting;
    std::string why = {}; ///< of a failure
};

/// What an EventQueue, the lane that fills it and the events in hand share. Any thread.
class QueueState : public std::enable_shared_from_this<QueueState> {
public:
    using Taken = std::optional<TakenEvent>;

    /// Gets the event, or nothing when the queue is closed.
    using Waiter = std::function<void(Taken)>;

    QueueState();
    ~QueueState();
    QueueState(const QueueState&) = delete;
    QueueState& operator=(const QueueState&) = delete;

    int fd() const { return fd_; }

    /// The handler has so many workers.
    void open(std::size_t in_hand_max);

    /// The lane's side: returns when the event is done. Throws std::runtime_error when it failed,
    /// and Abandoned when nobody will take it any more.
    void offer(const Event& event, Emitter& emitter);

    Taken take(TimePoint deadline);

    /// Calls `waiter` on the lane's thread with the next event. False when the queue is closed.
    /// Throws std::length_error when too many wait.
    bool wait(Waiter waiter);

    void emit(Offer& offer, std::string_view topic, const Payload& payload,
              const EventOptions& options);
    void reply(Offer& offer, Payload payload);
    void finish(Offer& offer, Offer::State state, std::string why = {});

    /// Offers again what nobody looked at.
    void give_back(const std::shared_ptr<Offer>& offer);

    /// Nothing is offered any more. With `has_to_let_go`, what is in hand is given up too.
    void close(bool has_to_let_go);

private:
    using Lock = std::unique_lock<std::mutex>;

    TakenEvent hand_over(std::shared_ptr<Offer> offer);
    void put_in_line(const std::shared_ptr<Offer>& offer);
    void leave_line(const std::shared_ptr<Offer>& offer);
    void release_before();
    void signal() const;
    void hush() const;

    int fd_;
    std::mutex mutex_; ///< guards the rest
    std::condition_variable changed_;
    std::deque<std::shared_ptr<Offer>> line_;    ///< offered and not taken: one a worker at most
    std::deque<std::shared_ptr<Offer>> in_hand_; ///< taken, the one taken first first
    std::deque<Waiter> waiters_;
    std::size_t in_hand_max_ = 1;
    bool is_closed_ = false;
};

} // namespace mesh
