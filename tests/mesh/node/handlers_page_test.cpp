// The snippets of docs/handlers.md, run. A test below holds that they are the same.

#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/gathered.hpp"
#include "tests/support/test_realm.hpp"

#include <atomic>
#include <chrono>
#include <coroutine>
#include <fstream>
#include <future>
#include <poll.h>
#include <sstream>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using tests::eventually;
using tests::TestNode;

namespace {

std::atomic<int> booked{0};
std::atomic<int> paid{0};

void book(const mesh::Event&) {
    if (++booked == 1)
        throw std::runtime_error("the first attempt fails");
}

void pay(const mesh::Event&) {
    ++paid;
}

mesh::Payload payment(const mesh::Event& order) {
    return mesh::Payload::text("for " + std::string(mesh::text_of(order.payload)));
}

mesh::Payload reminder(const mesh::Event& order) {
    return payment(order);
}

mesh::Payload price_of(const mesh::Event& wanted) {
    return payment(wanted);
}

std::string sold;

void sell(const mesh::Payload& price) {
    sold = price.bytes;
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

std::string read_file(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace

TEST_CASE("docs/handlers.md: lanes, dead letters, options of an event and timed handlers") {
    TestNode test(tests::fresh_realm(), "order",
                  {"order.created", "order.reminded", "price.changed"});
    auto& node = *test;
    tests::Gathered<std::string> complaints;
    const auto complain = [&](const std::string& handler, mesh::DeadReason, std::uint32_t,
                              const std::string&, const mesh::Event&) { complaints.add(handler); };
    node.on("order.created", [](const mesh::Event& event) { book(event); })
        .emits({})
        .workers(8)
        .order(mesh::LaneOrder::by_key)
        .retry({.attempts = 5, .backoff_min = 100ms, .backoff_max = 5s})
        .deadline(2s);
    node.on_dead_letter([&](const mesh::DeadLetter& letter) {
        complain(letter.handler, letter.reason, letter.attempts, letter.error, *letter.event);
    });
    node.every("remind", 24h,
               [](const mesh::Beat& beat, mesh::Emitter& emit) {
                   if (beat.last.front())
                       emit("order.reminded", reminder(**beat.last.front()));
               })
        .after({"order.created"})
        .emits({"order.reminded"});
    std::atomic<int> prices{0};
    node.on("price.changed", [&](const mesh::Event&) { ++prices; }).emits({});
    REQUIRE(test.start());
    const auto published = node.publish("price.changed", mesh::Payload::text("17.20"),
                                        {.key = "apples",
                                         .time_to_live = 5s,
                                         .priority = 10,
                                         .idempotency_key = "price list 4711, apples"});
    REQUIRE(published);
    REQUIRE(node.publish("order.created", mesh::Payload::text("an order")));
    REQUIRE(node.wait_dry(20s));
    CHECK(prices == 1);
    CHECK(booked == 2);
    CHECK(complaints.size() == 0);
}

TEST_CASE("docs/handlers.md: a queue, by waiting, by a descriptor, by a future, by a coroutine") {
    TestNode test(tests::fresh_realm(), "pay", {"order.created", "order.paid"});
    auto& node = *test;
    tests::Gathered<std::string> payments;
    node.on("order.paid",
            [&](const mesh::Event& event) {
                payments.add(std::string(mesh::text_of(event.payload)));
            })
        .emits({});
    mesh::EventQueue orders;
    node.on("order.created", orders).emits({"order.paid"});
    REQUIRE(test.start());
    const auto place_order = [&] {
        REQUIRE(node.publish("order.created", mesh::Payload::text("an order")));
    };
    {
        place_order();
        std::thread polling([&] {
            pollfd item{orders.fd(), POLLIN, 0};
            poll(&item, 1, -1);
            while (auto order = orders.try_take()) {
                pay(**order);
                order->done();
            }
        });
        polling.join();
        CHECK(eventually([&] { return paid == 1; }));
    }
    {
        place_order();
        std::thread waiting([&] {
            std::future<mesh::TakenEvent> next = orders.next();
            mesh::TakenEvent order = next.get();
            pay(*order);
            order.done();
        });
        waiting.join();
        CHECK(paid == 2);
    }
    const auto consume = [&]() -> Detached {
        while (auto order = co_await orders.event()) {
            pay(**order);
            order->done();
        }
    };
    consume();
    place_order();
    CHECK(eventually([&] { return paid == 3; }));
    CHECK(node.wait_dry(20s));
}

TEST_CASE("docs/handlers.md: a thread that waits for a queue ends when the queue is closed") {
    TestNode test(tests::fresh_realm(), "pay", {"order.created", "order.paid"});
    auto& node = *test;
    std::atomic<int> payments{0};
    node.on("order.paid", [&](const mesh::Event&) { ++payments; }).emits({});
    mesh::EventQueue orders;
    node.on("order.created", orders).emits({"order.paid"});
    REQUIRE(test.start());
    std::thread paying([&] {
        while (auto order = orders.take()) {
            order->emit("order.paid", payment(**order));
            order->done();
        }
    });
    for (int i = 0; i < 3; ++i)
        REQUIRE(node.publish("order.created", {}));
    CHECK(node.wait_dry(20s));
    CHECK(eventually([&] { return payments == 3; }));
    orders.close();
    paying.join();
}

TEST_CASE("docs/handlers.md: a request and its reply") {
    TestNode test(tests::fresh_realm(), "node", {"price.wanted"});
    auto& node = *test;
    node.on("price.wanted",
            [](const mesh::Event& event, mesh::Emitter& emit) { emit.reply(price_of(event)); })
        .emits({});
    REQUIRE(test.start());
    const auto item = mesh::Payload::text("tea");
    const auto price = node.request("price.wanted", item, {.deadline = 2s});
    if (price)
        sell(*price);
    CHECK(sold == "for tea");
}

TEST_CASE("the snippets of docs/handlers.md are the ones above") {
    const auto page = read_file("docs/handlers.md");
    const auto source = read_file("tests/mesh/node/handlers_page_test.cpp");
    const std::string begin = "```cpp\n";
    int snippets = 0;
    for (auto at = page.find(begin); at != std::string::npos; at = page.find(begin, at + 1)) {
        const auto start = at + begin.size();
        const auto snippet = page.substr(start, page.find("```", start) - start);
        CAPTURE(snippet);
        CHECK(source.find(snippet) != std::string::npos);
        ++snippets;
    }
    CHECK(snippets >= 10);
}
