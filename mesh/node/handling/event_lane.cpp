#include "mesh/node/handling/event_lane.hpp"

#include "mesh/base/log.hpp"
#include "mesh/base/quantity.hpp"
#include "mesh/node/handling/atomic_stretch.hpp"
#include "mesh/node/handling/stretch.hpp"

#include <utility>

namespace mesh {

namespace {

using namespace std::chrono_literals;

// A single worker that takes events in order takes several at once: the lock is paid once.
constexpr std::size_t stretch_max = 64;

// Until an event may come whose idempotency key another worker has in hand.
constexpr Duration postponement = 5ms;

// Until events are handled again that the disk did not take.
constexpr Duration unkept_pause = 200ms;

} // namespace

EventLane::EventLane(HandlerCalls& calls, std::function<void()> progressed)
    : calls_(calls),
      progressed_(std::move(progressed)),
      stretch_max_(calls.spec().lane.workers == 1 && calls.spec().lane.order == LaneOrder::fifo
                       ? stretch_max
                       : 1),
      schedule_(calls.spec().lane) {}

EventLane::~EventLane() {
    {
        const Lock lock(mutex_);
        is_stopping_ = true;
        ++generation_;
    }
    wake_.notify_all();
    threads_.join();
}

void EventLane::start() {
    if (!threads_.is_started())
        threads_.start(calls_.spec().lane.workers, [this] { work(); });
}

void EventLane::push(std::vector<LaneEvent> events) {
    if (events.empty())
        return;
    {
        const Lock lock(mutex_);
        if (is_over_)
            return;
        for (auto& one : events) {
            const auto slot = schedule_.add(one.event.key, one.reserved.priority);
            if (events_.size() <= slot)
                events_.resize(slot + std::size_t{1});
            events_[slot] = std::move(one);
        }
    }
    start();
    wake_.notify_one();
}

void EventLane::push_notice(std::function<void()> notice) {
    {
        const Lock lock(mutex_);
        notices_.push_back(std::move(notice));
    }
    start();
    wake_.notify_one();
}

void EventLane::pause() {
    const Lock lock(mutex_);
    is_paused_ = true;
}

void EventLane::resume() {
    {
        const Lock lock(mutex_);
        is_paused_ = false;
    }
    wake_.notify_all();
}

void EventLane::clear() {
    std::vector<LaneEvent> dropped; // outlives the lock: what events hold may be large
    std::deque<std::function<void()>> notices;
    const Lock lock(mutex_);
    ++generation_;
    notices.swap(notices_);
    for (const auto slot : schedule_.clear())
        dropped.push_back(std::exchange(events_[slot], {}));
}

bool EventLane::is_idle() const {
    const Lock lock(mutex_);
    return schedule_.waiting_count() == 0 && schedule_.running_count() == 0 && notices_.empty() &&
           notices_running_ == 0;
}

void EventLane::work() {
    Lock lock(mutex_);
    std::vector<LaneSchedule::Start> stretch;
    while (!is_stopping_)
        if (is_paused_ || (!run_notice(lock) && !run_stretch(lock, stretch)))
            wait(lock);
}

void EventLane::wait(Lock& lock) {
    ++idle_count_;
    const auto due = is_paused_ ? std::nullopt : schedule_.next_due();
    if (due)
        wake_.wait_until(lock, *due);
    else
        wake_.wait(lock);
    --idle_count_;
}

bool EventLane::run_notice(Lock& lock) {
    if (notices_.empty())
        return false;
    const auto notice = std::move(notices_.front());
    notices_.pop_front();
    ++notices_running_;
    lock.unlock();
    notice();
    progressed_();
    lock.lock();
    --notices_running_;
    return true;
}

bool EventLane::run_stretch(Lock& lock, std::vector<LaneSchedule::Start>& stretch) {
    stretch.clear();
    const auto time = now();
    while (stretch.size() < stretch_max_) {
        const auto start = schedule_.take(time);
        if (!start)
            break;
        stretch.push_back(*start);
    }
    if (stretch.empty())
        return false;
    std::vector<LaneEvent*> events;
    events.reserve(stretch.size());
    for (const auto& start : stretch)
        events.push_back(&events_[start.slot]); // a deque: they stay where they are
    const auto generation = generation_.load(std::memory_order_relaxed);
    // There may be work for one more, who then looks for the next.
    if (idle_count_ > 0 && schedule_.waiting_count() > 0)
        wake_.notify_one();
    lock.unlock();

    const auto handled = handle(events, stretch, generation);

    lock.lock();
    for (std::size_t i = 0; i < handled.count; ++i)
        schedule_.done(stretch[i].slot);
    const bool has_begun_next = handled.next != Outcome::done && handled.next != Outcome::unkept;
    // What was not begun goes back, unless it was dropped meanwhile with all that waited.
    for (auto i = handled.count + (has_begun_next ? 1 : 0); i < stretch.size(); ++i)
        if (is_current(generation))
            schedule_.put_back(stretch[i].slot);
        else
            schedule_.done(stretch[i].slot);
    if (has_begun_next)
        settle(lock, stretch[handled.count], handled.next, generation, handled.error);
    if (handled.next == Outcome::unkept)
        wake_.wait_for(lock, unkept_pause, [this] { return is_stopping_; });
    lock.unlock();
    progressed_();
    lock.lock();
    return true;
}

// Until one is not done.
EventLane::Handled EventLane::handle(const std::vector<LaneEvent*>& events,
                                     const std::vector<LaneSchedule::Start>& stretch,
                                     std::uint64_t generation) {
    Handled handled;
    Stretch calls(calls_);
    while (handled.count < events.size() && handled.next == Outcome::done &&
           is_current(generation)) {
        auto& one = *events[handled.count];
        if (one.is_atomic) {
            handle_together(events, stretch, generation, handled);
            continue;
        }
        handled.next = calls.handle(one.event, one.reserved, stretch[handled.count].attempt);
        handled.error = calls.error();
        if (handled.next != Outcome::done)
            break;
        ++handled.count;
        one.feed->finish(one.ticket);
        one = {};
    }
    return handled;
}

void EventLane::handle_together(const std::vector<LaneEvent*>& events,
                                const std::vector<LaneSchedule::Start>& stretch,
                                std::uint64_t generation, Handled& handled) {
    std::vector<AtomicStretch::Task> tasks;
    for (auto i = handled.count; i < events.size() && events[i]->is_atomic; ++i)
        tasks.push_back(
            {events[i]->event, events[i]->reserved, stretch[i].attempt, *events[i]->feed});
    auto done = AtomicStretch(calls_, *calls_.hooks().disk(), AtomicStretch::Order::any_order)
                    .handle(tasks, [&] { return !is_current(generation); });
    for (auto i = done.count; i > 0; --i) {
        auto& one = *events[handled.count++];
        one.feed->finish(one.ticket);
        one = {};
    }
    if (done.next == Outcome::unkept)
        unkept_(calls_.spec().contract.name + ": " + done.error);
    handled.next = done.next;
    handled.error = std::move(done.error);
}

void EventLane::settle(Lock& lock, const LaneSchedule::Start& start, Outcome outcome,
                       std::uint64_t generation, const std::string& error) {
    const auto slot = start.slot;
    const auto& name = calls_.spec().contract.name;
    const auto attempts = calls_.spec().lane.retry.attempts;
    if (outcome == Outcome::abandoned) {
        // It stays unacknowledged, and so does everything behind it: the handler is over.
        is_over_ = true;
        schedule_.done(slot);
        schedule_.clear();
        return;
    }
    const bool is_last = outcome == Outcome::failed && start.attempt >= attempts;
    if (!is_last && !is_current(generation))
        return schedule_.done(slot); // dropped with all that waited
    if (outcome == Outcome::postponed)
        return schedule_.postpone(slot, now() + postponement);

    const auto time = now();
    const auto what =
        std::string(events_[slot].event.topic) + " " + to_string(events_[slot].event.id);
    const auto dead = is_last ? std::exchange(events_[slot], {}) : LaneEvent{};
    const auto due = schedule_.failed(slot, time, std::uniform_real_distribution<>()(random_));
    lock.unlock();
    if (due) {
        log(LogLevel::warning, "handler " + name + " failed on " + what + ", attempt " +
                                   std::to_string(start.attempt) + " of " +
                                   std::to_string(attempts) + ", the next in " +
                                   to_text(*due - time) + ": " + error);
    } else {
        calls_.bury(dead.event, DeadReason::failed, start.attempt, error);
        dead.feed->finish(dead.ticket);
    }
    lock.lock();
}

} // namespace mesh
