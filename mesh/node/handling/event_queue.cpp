#include "mesh/node/handling/event_queue.hpp"

#include "mesh/node/handling/handler_spec.hpp"
#include "mesh/node/handling/queue_state.hpp"

#include <utility>

namespace mesh {

EventQueue::EventQueue() : state_(std::make_shared<QueueState>()) {}

EventQueue::~EventQueue() {
    close();
}

std::optional<TakenEvent> EventQueue::take() {
    return state_->take(TimePoint::max());
}

std::optional<TakenEvent> EventQueue::take_within(Duration patience) {
    return state_->take(now() + patience);
}

std::future<TakenEvent> EventQueue::next() {
    const auto promise = std::make_shared<std::promise<TakenEvent>>();
    const auto refuse = [promise] {
        promise->set_exception(std::make_exception_ptr(QueueClosed("the queue is closed")));
    };
    const bool is_waiting = state_->wait([promise, refuse](QueueState::Taken taken) {
        if (taken)
            promise->set_value(std::move(*taken));
        else
            refuse();
    });
    if (!is_waiting)
        refuse();
    return promise->get_future();
}

bool EventQueue::Awaitable::await_suspend(std::coroutine_handle<> waiting) {
    // Once it waits, the coroutine may go on elsewhere before this returns, and take this with it.
    const auto state = state_;
    return state->wait([this, waiting](QueueState::Taken taken) {
        result_ = std::move(taken);
        waiting.resume();
    });
}

int EventQueue::fd() const {
    return state_->fd();
}

void EventQueue::close() {
    state_->close(false);
}

void EventQueue::serve(HandlerSpec& spec) {
    spec.function = [state = state_](const Event& event, Emitter& emit) {
        state->offer(event, emit);
    };
    spec.on_open = [state = state_](std::uint32_t workers) { state->open(workers); };
    spec.on_close = [state = state_] { state->close(true); };
}

} // namespace mesh
