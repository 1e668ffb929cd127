#include "mesh/node/handling/event_queue.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/gathered.hpp"
#include "tests/support/test_realm.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <future>
#include <poll.h>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using tests::eventually;
using tests::fresh_realm;
using tests::TestNode;

namespace {

using Names = std::vector<std::string>;

std::string text(const mesh::TakenEvent& event) {
    return std::string(mesh::text_of(event->payload));
}

mesh::Payload payload(const std::string& text) {
    return mesh::Payload::text(text);
}

bool is_readable(int fd, int timeout_ms) {
    pollfd item{fd, POLLIN, 0};
    return poll(&item, 1, timeout_ms) == 1;
}

/// A coroutine that nobody waits for.
struct Detached {
    // The language names it. NOLINTNEXTLINE(readability-identifier-naming)
    struct promise_type {
        static Detached get_return_object() { return {}; }

        static std::suspend_never initial_suspend() { return {}; }

        static std::suspend_never final_suspend() noexcept { return {}; }

        static void return_void() {}

        static void unhandled_exception() {}
    };
};

/// A node whose one handler is a queue.
struct Queued {
    explicit Queued(const mesh::Retry& retry = {}) {
        node->on("a", queue).named("queue").emits({"b"}).retry(retry);
        node->on("b",
                 [this](const mesh::Event& event) {
                     emitted.add(event.cause ? event.cause->event.sequence : 0);
                 })
            .emits({});
        node->on_dead_letter([this](const mesh::DeadLetter& letter) { letters.add(letter.error); });
        node->start();
        REQUIRE(node->wait_ready(20s));
    }

    void publish(const std::string& name) { REQUIRE(node->publish("a", payload(name))); }

    tests::Gathered<std::uint64_t> emitted;
    tests::Gathered<std::string> letters;
    TestNode node{fresh_realm(), "node", {"a", "b"}};
    mesh::EventQueue queue;
};

} // namespace

TEST_CASE("an event that was taken is acknowledged when it is done, or the next one is taken") {
    Queued one;
    one.publish("first");
    one.publish("second");
    auto first = one.queue.take();
    REQUIRE(first);
    CHECK(text(*first) == "first");
    auto second = one.queue.take();
    REQUIRE(second);
    CHECK(text(*second) == "second");
    CHECK_FALSE(one.node->wait_dry(50ms));
    second->done();
    CHECK(one.node->wait_dry(20s));
    CHECK_FALSE(one.queue.try_take());
}

TEST_CASE("a queue's descriptor is readable while an event waits, and once it is closed") {
    Queued one;
    CHECK_FALSE(is_readable(one.queue.fd(), 0));
    one.publish("first");
    one.publish("second");
    Names taken;
    while (taken.size() < 2) {
        REQUIRE(is_readable(one.queue.fd(), 20'000));
        auto event = one.queue.try_take();
        REQUIRE(event);
        CHECK_FALSE(is_readable(one.queue.fd(), 0)); // it is in hand, and the other not offered
        taken.push_back(text(*event));
        event->done();
    }
    CHECK(taken == Names{"first", "second"});
    CHECK(one.node->wait_dry(20s));
    one.queue.close();
    CHECK(is_readable(one.queue.fd(), 0));
    CHECK_FALSE(one.queue.take());
}

TEST_CASE("what is emitted of a taken event has it as its cause, and leaves when it is done") {
    Queued one;
    one.publish("first");
    auto event = one.queue.take();
    REQUIRE(event);
    event->emit("b", {});
    CHECK_THROWS_AS(event->emit("c", {}), mesh::Undeclared);
    CHECK_FALSE(eventually([&] { return one.emitted.size() > 0; }, 50ms));
    event->done();
    CHECK(eventually([&] { return one.emitted.size() == 1; }));
    CHECK(one.emitted.all().front() == 1);
    CHECK_THROWS_AS(event->emit("b", {}), std::logic_error);
}

TEST_CASE("a taken event that fails is tried again, and then a dead letter") {
    Queued one({2, 1ms, 1ms});
    one.publish("bad");
    for (int attempt = 1; attempt <= 2; ++attempt) {
        auto event = one.queue.take();
        REQUIRE(event);
        CHECK(text(*event) == "bad");
        event->emit("b", {});
        if (attempt == 1)
            event->fail("not today");
        else
            try {
                const auto leaving = std::move(event);
                throw std::runtime_error("unwinds");
            } catch (const std::runtime_error&) {
            }
    }
    CHECK(one.node->wait_dry(20s));
    CHECK(one.letters.all() == Names{"an exception left what handled it"});
    CHECK(one.emitted.size() == 0);
}

TEST_CASE("a future gets the next event, also one that was asked for before") {
    Queued one;
    auto first = one.queue.next();
    auto second = one.queue.next();
    one.publish("first");
    one.publish("second");
    REQUIRE(first.wait_for(20s) == std::future_status::ready);
    auto event = first.get();
    CHECK(text(event) == "first");
    event.done();
    REQUIRE(second.wait_for(20s) == std::future_status::ready);
    auto last = second.get();
    CHECK(text(last) == "second");
    last.fail("as asked");
    CHECK(one.node->wait_dry(20s));
    CHECK(one.letters.all() == Names{"as asked"});
}

TEST_CASE("an event whose future was dropped is offered again") {
    Queued one;
    { const auto dropped = one.queue.next(); }
    one.publish("first");
    auto event = one.queue.take();
    REQUIRE(event);
    CHECK(text(*event) == "first");
    event->done();
    CHECK(one.node->wait_dry(20s));
}

TEST_CASE("a coroutine gets one event after the other, on the lane's thread") {
    tests::Gathered<std::string> handled;
    std::atomic<bool> has_ended{false};
    std::atomic<int> elsewhere{0};
    Queued one;
    const auto caller = std::this_thread::get_id();
    const auto consume = [&](mesh::Node& node) -> Detached {
        while (auto event = co_await one.queue.event()) {
            elsewhere += std::this_thread::get_id() == caller ? 0 : 1;
            if (!node.publish("b", {})) // in a lane it is an emit
                handled.add("refused");
            handled.add(text(*event));
        }
        has_ended = true;
    };
    consume(*one.node);
    for (int i = 0; i < 3; ++i)
        one.publish(std::to_string(i));
    REQUIRE(eventually([&] { return one.emitted.size() == 3; }));
    CHECK(one.node->wait_dry(20s));
    CHECK(handled.all() == Names{"0", "1", "2"});
    const auto causes = one.emitted.all();
    CHECK(causes.front() == 1);
    CHECK(std::ranges::is_sorted(causes));
    CHECK(elsewhere == 3);
    CHECK_FALSE(has_ended);
    one.queue.close();
    CHECK(has_ended);
}

TEST_CASE("a coroutine that throws fails its event") {
    Queued one;
    const auto consume = [&]() -> Detached {
        while (auto event = co_await one.queue.event())
            throw std::runtime_error("for " + text(*event));
    };
    consume();
    one.publish("first");
    CHECK(eventually([&] { return one.letters.size() == 1; }));
    CHECK(one.node->wait_dry(20s));
}

TEST_CASE("with several workers, so many events are in hand at once") {
    TestNode node(fresh_realm(), "node", {"a"});
    mesh::EventQueue queue;
    node->on("a", queue).emits({}).workers(3);
    REQUIRE(node.start());
    for (int i = 0; i < 500; ++i)
        REQUIRE(node->publish("a", payload(std::to_string(i))));
    std::vector<mesh::TakenEvent> taken;
    std::set<std::uint64_t> sequences;
    while (taken.size() < 500) {
        auto event = queue.take_within(20s); // with three in hand, done with the first one then
        REQUIRE(event);
        CHECK((*event)->topic == "a");
        sequences.insert((*event)->id.sequence);
        taken.push_back(std::move(*event));
    }
    CHECK(sequences.size() == 500);
    for (auto& event : taken)
        event.done();
    CHECK(node->wait_dry(20s));
}

TEST_CASE("a queue is bounded by its credit: publishers wait for whoever takes") {
    const auto realm = fresh_realm();
    TestNode subscriber(realm, "subscriber");
    mesh::EventQueue queue;
    subscriber->on("a", queue).emits({}).credit(4);
    TestNode publisher(realm, "publisher", {"a"});
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("a", 1, 20s));
    int accepted = 0;
    while (accepted < 100 && publisher->try_publish("a", {}))
        ++accepted;
    CHECK(accepted == 4);
    std::thread taking([&] {
        for (int i = 0; i < 4; ++i)
            if (auto event = queue.take(); event && (*event)->topic == "a")
                event->done();
    });
    CHECK(publisher->wait_dry(20s));
    taking.join();
}

TEST_CASE("a node stops although nobody takes, and the rest stays unacknowledged") {
    const auto realm = fresh_realm();
    auto options = TestNode::options(realm, "subscriber");
    options.drain_patience = 200ms;
    TestNode subscriber(options);
    mesh::EventQueue queue;
    subscriber->on("a", queue).emits({});
    TestNode publisher(realm, "publisher", {"a"});
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("a", 1, 20s));
    REQUIRE(publisher->publish("a", {}));
    REQUIRE(publisher->publish("a", {}));
    auto event = queue.take();
    REQUIRE(event);
    auto waiting = queue.next(); // done with the first
    REQUIRE(waiting.wait_for(20s) == std::future_status::ready);
    CHECK_FALSE(publisher->wait_dry(50ms));
    const auto began = mesh::now();
    subscriber->stop();
    CHECK(mesh::now() - began < 10s);
    CHECK_FALSE(queue.take());
    CHECK_THROWS_AS(queue.next().get(), mesh::QueueClosed);
}
