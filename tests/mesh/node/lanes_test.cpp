#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/gate.hpp"
#include "tests/support/gathered.hpp"
#include "tests/support/test_realm.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using mesh::LaneOrder;
using mesh::Retry;
using tests::eventually;
using tests::fresh_realm;
using tests::TestNode;

namespace {

using Names = std::vector<std::string>;

std::string text(const mesh::Event& event) {
    return std::string(mesh::text_of(event.payload));
}

mesh::Payload payload(const std::string& text) {
    return mesh::Payload::text(text);
}

} // namespace

TEST_CASE("a handler that fails for one key holds back that key, and a thousand others pass it") {
    constexpr int others_count = 1000;
    std::atomic<int> others{0};
    std::atomic<int> attempts{0};
    tests::Gathered<std::string> bad;
    TestNode node(fresh_realm(), "node", {"a"});
    node->on("a",
             [&](const mesh::Event& event) {
                 if (event.key != "bad") {
                     ++others;
                     return;
                 }
                 ++attempts;
                 if (others < others_count)
                     throw std::runtime_error("not before the others");
                 bad.add(text(event));
             })
        .emits({})
        .retry({10'000, 1ms, 5ms});
    REQUIRE(node.start());
    REQUIRE(node->publish("a", payload("first"), {.key = "bad"}));
    REQUIRE(node->publish("a", payload("second"), {.key = "bad"}));
    for (int i = 0; i < others_count; ++i)
        REQUIRE(node->publish("a", {}, {.key = i % 2 == 0 ? "k" + std::to_string(i % 10) : ""}));

    CHECK(eventually([&] { return bad.size() == 2; }));
    CHECK(bad.all() == Names{"first", "second"});
    CHECK(attempts > 2);
    CHECK(node->wait_dry(20s));
}

TEST_CASE("the events of a key keep their order when many of them fail and are tried again") {
    const auto workers = GENERATE(1U, 8U);
    CAPTURE(workers);
    constexpr int key_count = 20;
    constexpr int event_count = 50;
    std::array<std::atomic<int>, std::size_t{key_count} * event_count> attempts{};
    std::array<tests::Gathered<int>, key_count> handled;
    TestNode node(fresh_realm(), "node", {"a"});
    node->on("a",
             [&](const mesh::Event& event) {
                 const auto number = std::stoi(text(event));
                 // Every third fails once or twice.
                 if (++attempts[static_cast<std::size_t>(number)] <= number % 3)
                     throw std::runtime_error("as asked");
                 handled[static_cast<std::size_t>(number % key_count)].add(number);
             })
        .emits({})
        .workers(workers)
        .order(workers == 1 ? LaneOrder::fifo : LaneOrder::by_key)
        .retry({3, 1ms, 3ms});
    REQUIRE(node.start());
    for (int i = 0; i < key_count * event_count; ++i)
        REQUIRE(node->publish("a", payload(std::to_string(i)),
                              {.key = "k" + std::to_string(i % key_count)}));
    REQUIRE(node->wait_dry(30s));
    for (int key = 0; key < key_count; ++key) {
        std::vector<int> expected;
        for (int i = key; i < key_count * event_count; i += key_count)
            expected.push_back(i);
        CHECK(handled[static_cast<std::size_t>(key)].all() == expected);
    }
}

TEST_CASE("by key, eight workers never handle two events of a key at once, but several keys") {
    constexpr int key_count = 16;
    constexpr int event_count = 4000;
    std::array<std::atomic<int>, key_count> inside{};
    std::array<tests::Gathered<int>, key_count> handled;
    std::atomic<int> together{0};
    std::atomic<int> together_max{0};
    std::atomic<int> collisions{0};
    TestNode subscriber(fresh_realm(), "subscriber");
    subscriber
        ->on("a",
             [&](const mesh::Event& event) {
                 const auto number = std::stoi(text(event));
                 const auto key = static_cast<std::size_t>(number % key_count);
                 collisions += inside[key].fetch_add(1);
                 const int now = ++together;
                 for (int most = together_max; now > most;)
                     if (together_max.compare_exchange_weak(most, now))
                         break;
                 if (number % 50 == 0)
                     std::this_thread::sleep_for(1ms);
                 handled[key].add(number);
                 --together;
                 --inside[key];
             })
        .emits({})
        .workers(8)
        .order(LaneOrder::by_key);
    TestNode publisher(subscriber->options().realm, "publisher", {"a"});
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("a", 1, 20s));
    for (int i = 0; i < event_count; ++i)
        REQUIRE(publisher->publish("a", payload(std::to_string(i)),
                                   {.key = "k" + std::to_string(i % key_count)}));
    REQUIRE(publisher->wait_dry(30s));
    CHECK(collisions == 0);
    CHECK(together_max > 1);
    for (int key = 0; key < key_count; ++key) {
        const auto all = handled[static_cast<std::size_t>(key)].all();
        CHECK(all.size() == event_count / key_count);
        CHECK(std::ranges::is_sorted(all));
    }
}

TEST_CASE("so many events run at once as the handler has workers, and no more") {
    constexpr int workers = 4;
    std::atomic<int> inside{0};
    tests::Gate gate;
    TestNode node(fresh_realm(), "node", {"a"});
    node->on("a",
             [&](const mesh::Event&) {
                 ++inside;
                 gate.pass();
             })
        .emits({})
        .workers(workers);
    REQUIRE(node.start());
    for (int i = 0; i < 20; ++i)
        REQUIRE(node->publish("a", {}));
    CHECK(eventually([&] { return inside == workers; }));
    CHECK_FALSE(eventually([&] { return inside > workers; }, 50ms));
    gate.open();
    CHECK(node->wait_dry(20s));
    CHECK(inside == 20);
}

TEST_CASE("lifo takes the newest first, and priority the most important") {
    const auto [order, expected] = GENERATE(
        std::pair(LaneOrder::lifo, Names{"first", "low", "high", "usual 2", "usual 1"}),
        std::pair(LaneOrder::priority, Names{"first", "high", "usual 1", "usual 2", "low"}));
    tests::Gathered<std::string> handled;
    tests::Gate gate;
    std::atomic<bool> has_arrived{false};
    TestNode node(fresh_realm(), "node", {"a", "after"});
    node->on("a",
             [&](const mesh::Event& event) {
                 handled.add(text(event));
                 gate.pass();
             })
        .emits({})
        .order(order);
    node->on("after", [&](const mesh::Event&) { has_arrived = true; }).emits({});
    REQUIRE(node.start());
    REQUIRE(node->publish("a", payload("first")));
    REQUIRE(eventually([&] { return handled.size() == 1; }));
    REQUIRE(node->publish("a", payload("usual 1")));
    REQUIRE(node->publish("a", payload("usual 2")));
    REQUIRE(node->publish("a", payload("high"), {.priority = 5}));
    REQUIRE(node->publish("a", payload("low"), {.priority = -5}));
    REQUIRE(node->publish("after", {})); // comes when all of them have
    REQUIRE(eventually([&] { return has_arrived.load(); }));
    gate.open();
    REQUIRE(node->wait_dry(20s));
    CHECK(handled.all() == expected);
}

TEST_CASE("stopping while an event waits for its next attempt gives up, unacknowledged") {
    const auto realm = fresh_realm();
    std::atomic<int> attempts{0};
    auto options = TestNode::options(realm, "subscriber");
    options.drain_patience = 300ms;
    TestNode subscriber(options);
    subscriber
        ->on("a",
             [&](const mesh::Event& event) {
                 if (event.key == "bad") {
                     ++attempts;
                     throw std::runtime_error("as asked");
                 }
             })
        .emits({})
        .retry({5, 1h, 1h});
    TestNode publisher(realm, "publisher", {"a"});
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("a", 1, 20s));
    REQUIRE(publisher->publish("a", {}, {.key = "bad"}));
    REQUIRE(publisher->publish("a", {}));
    REQUIRE(eventually([&] { return attempts == 1; }));
    CHECK_FALSE(publisher->wait_dry(50ms));

    const auto began = mesh::now();
    subscriber->stop();
    CHECK(mesh::now() - began < 10s);
    CHECK(attempts == 1);
}
