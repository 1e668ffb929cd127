#pragma once

#include "mesh/base/time.hpp"
#include "mesh/node/handling/handler.hpp"
#include "mesh/node/handling/taken_event.hpp"

#include <coroutine>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>

namespace mesh {

struct HandlerSpec;

/// The queue that somebody waits for is closed: there will be no event any more.
class QueueClosed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Events that the program takes when it likes, instead of being called. It is declared like any
/// handler, and is one: what is not taken yet uses up its credit, so it is bounded, and its
/// publishers wait.
///
///     mesh::EventQueue orders;
///     node.on("order.created", orders).emits({"order.paid"});
///     node.start();
///     while (auto order = orders.take()) {             // waits; nothing once it is closed
///         order->emit("order.paid", pay(**order));     // leaves when the order is done
///         order->done();                               // or when the next one is taken
///     }
///
/// Or with a loop of one's own, `orders.fd()` being readable while an event waits:
///
///     while (auto order = orders.try_take()) { ... }
///
/// Or by a future: `std::future<mesh::TakenEvent> order = orders.next();`
/// Or in a coroutine: `while (auto order = co_await orders.event()) { ... }`
///
/// Any thread may take. With `workers(n)` up to n events are in the program's hands at once.
class EventQueue {
public:
    EventQueue();

    /// Closes it.
    ~EventQueue();
    EventQueue(const EventQueue&) = delete;
    EventQueue& operator=(const EventQueue&) = delete;

    /// Waits for the next event. Nothing once the queue is closed. In all forms, who asks for
    /// another one while as many are in hand as the handler has workers is done with the one taken
    /// first.
    std::optional<TakenEvent> take();

    /// The same, but nothing also when none comes within `patience`.
    std::optional<TakenEvent> take_within(Duration patience);

    /// The same without waiting.
    std::optional<TakenEvent> try_take() { return take_within(Duration{}); }

    /// The next event, once there is one. The future throws QueueClosed if the queue is closed
    /// before. Throws std::length_error for more than 1,024 that wait.
    std::future<TakenEvent> next();

    /// The same for `co_await`, which gives an optional: nothing once the queue is closed. The
    /// coroutine resumes on the thread of the handler's lane, where `Node::publish` emits because
    /// of the event, as in any handler; or, when there is nothing, on the thread that closes.
    class Awaitable {
    public:
        explicit Awaitable(std::shared_ptr<QueueState> state) : state_(std::move(state)) {}

        static bool await_ready() { return false; }

        bool await_suspend(std::coroutine_handle<> waiting);

        std::optional<TakenEvent> await_resume() { return std::move(result_); }

    private:
        std::shared_ptr<QueueState> state_;
        std::optional<TakenEvent> result_;
    };

    Awaitable event() { return Awaitable(state_); }

    /// Readable while an event waits, and once the queue is closed. For poll and the like; nobody
    /// else reads it. Lives as long as the queue.
    int fd() const;

    /// Nobody takes any more: what waits stays unacknowledged, so that a later run gets it where
    /// the topic's level promises that. An event in hand can still be done. The node does this when
    /// it has stopped; a queue that is closed earlier holds up its publishers for good.
    void close();

    /// For Node: makes the queue what the handler calls.
    void serve(HandlerSpec& spec);

private:
    std::shared_ptr<QueueState> state_;
};

} // namespace mesh
