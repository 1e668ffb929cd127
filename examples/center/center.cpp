// One lot of work, handled in every order that there is: by queue, by stack, by priority, by key,
// in parallel, and asynchronously. Each handler tells in which order it got the work.

#include "examples/center/event_center.hpp"

#include <algorithm>
#include <condition_variable>
#include <coroutine>
#include <exception>
#include <iostream>
#include <latch>
#include <mutex>
#include <optional>
#include <utility>

namespace {

constexpr std::string_view created = "work.created";
constexpr int work_count = 12;
constexpr std::chrono::seconds patience{10};

/// Handlers begin their first piece of work, and go on once all of it is there: so that there is
/// something to choose from.
class Gate {
public:
    explicit Gate(int handler_count) : begun_(handler_count) {}

    void wait_as_first() {
        begun_.count_down();
        open_.wait();
    }

    void wait_until_begun() const { begun_.wait(); }

    void open() { open_.count_down(); }

private:
    std::latch begun_;
    std::latch open_{1};
};

int number_of(const mesh::Event& event) {
    const auto work = mesh::unpack<Work>(event);
    if (!work)
        throw std::runtime_error(work.error().detail);
    return work->number;
}

/// Notes the order in which it is told, and tells of it after the last piece.
class Recorder : public Handler {
public:
    Recorder(Strategy strategy, Gate& gate) : Handler(std::move(strategy)), gate_(gate) {}

    void handle(const mesh::Event& event, mesh::Emitter& emit) override {
        const auto told = note(number_of(event));
        if (told)
            emit("work.told", mesh::pack(*told));
    }

    /// The same for whoever is not called, but takes its events.
    std::optional<Told> note(int number) {
        if (number == 0)
            gate_.wait_as_first();
        std::unique_lock lock(mutex_);
        if (number > 0)
            told_.order.push_back(number);
        told_.at_once = std::max(told_.at_once, ++in_hand_);
        changed_.notify_all();
        // Those that may work at once do, at least once.
        changed_.wait_for(lock, patience,
                          [this] { return told_.at_once == static_cast<int>(strategy().workers); });
        --in_hand_;
        if (++done_ <= work_count)
            return std::nullopt;
        told_.strategy = strategy().name;
        return told_;
    }

private:
    Gate& gate_;
    std::mutex mutex_; ///< guards the rest
    std::condition_variable changed_;
    Told told_;
    int in_hand_ = 0;
    int done_ = 0;
};

/// Sees the work arrive, after the others.
class Arrival : public Handler {
public:
    explicit Arrival(Gate& gate) : Handler({"arrival"}), gate_(gate) {}

    void handle(const mesh::Event& event, mesh::Emitter&) override {
        if (number_of(event) == work_count)
            gate_.open();
    }

private:
    Gate& gate_;
};

/// A coroutine that nobody waits for.
struct Task {
    struct promise_type { // NOLINT(readability-identifier-naming): the language wants it so

        static Task get_return_object() { return {}; }

        static std::suspend_never initial_suspend() { return {}; }

        static std::suspend_never final_suspend() noexcept { return {}; }

        static void return_void() {}

        static void unhandled_exception() { std::terminate(); }
    };
};

Task take_all(mesh::EventQueue& queue, Recorder& recorder) {
    while (auto work = co_await queue.event())
        if (const auto told = recorder.note(number_of(**work)))
            work->emit("work.told", mesh::pack(*told));
}

std::vector<mesh::NewEvent> all_work() {
    std::vector<mesh::NewEvent> events;
    for (int i = 1; i <= work_count; ++i)
        events.push_back(
            {std::string(created),
             mesh::pack(Work{i}),
             {.key = std::string(1, static_cast<char>('a' + i % 3)), .priority = i % 4}});
    return events;
}

} // namespace

int main() {
    Gate gate(6);
    Recorder queue({"queue"}, gate);
    Recorder stack({"stack", mesh::LaneOrder::lifo}, gate);
    Recorder priority({"priority", mesh::LaneOrder::priority}, gate);
    Recorder by_key({"by-key", mesh::LaneOrder::by_key, 3}, gate);
    Recorder parallel({"parallel", mesh::LaneOrder::fifo, 4}, gate);
    Recorder asynchronous({"asynchronous"}, gate);
    Arrival arrival(gate);
    mesh::EventQueue events;

    EventCenter center("center");
    auto subscriber = center.subscriber();
    for (Recorder* handler : {&queue, &stack, &priority, &by_key, &parallel})
        subscriber.subscribe(created, *handler);
    subscriber.subscribe(created, "asynchronous", events);
    subscriber.subscribe(created, arrival);
    take_all(events, asynchronous);
    try {
        center.start();
        auto publisher = center.publisher();
        publisher.publish({{std::string(created), mesh::pack(Work{0})}});
        gate.wait_until_begun();
        publisher.publish(all_work());
        center.wait_until_handled();
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
}
