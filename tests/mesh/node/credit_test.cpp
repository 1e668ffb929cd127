#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/test_realm.hpp"

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using tests::eventually;
using tests::fresh_realm;
using tests::TestNode;

TEST_CASE("two handlers of one node in a chain over two nodes run dry with credit of one event") {
    // A -> X -> B -> Y: X and Y run on one node, and every wait follows an edge of the graph.
    const auto realm = fresh_realm();
    constexpr int count = 2000;
    std::atomic<int> arrived{0};
    TestNode left(realm, "left");
    left->on("a", [](const mesh::Event&, mesh::Emitter& emit) { emit("b", {}); })
        .named("x")
        .emits({"b"})
        .credit(1);
    left->on("c", [&](const mesh::Event&) { ++arrived; }).named("y").emits({}).credit(1);
    TestNode right(realm, "right", {"a", "c"});
    right->on("b", [](const mesh::Event&, mesh::Emitter& emit) { emit("c", {}); })
        .named("z")
        .emits({"c"})
        .credit(1);
    left->listen_for(150ms);
    std::thread starting([&] { left.start(); });
    REQUIRE(right.start());
    starting.join();
    REQUIRE(right->wait_subscribers("a", 1, 20s));

    for (int i = 0; i < count; ++i)
        REQUIRE(right->publish("a", {}));
    CHECK(eventually([&] { return arrived == count; }, 60s));
}

TEST_CASE("a publish that would wait says for whom, and goes on when there is room") {
    const auto realm = fresh_realm();
    std::atomic<bool> may_go{false};
    TestNode subscriber(realm, "slow");
    subscriber
        ->on("a",
             [&](const mesh::Event&) {
                 while (!may_go)
                     std::this_thread::sleep_for(1ms);
             })
        .named("crawl")
        .emits({})
        .credit(4);
    TestNode publisher(realm, "publisher", {"a"});
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("a", 1, 20s));

    int accepted = 0;
    mesh::Result<void> last;
    while (accepted < 100 && (last = publisher->try_publish("a", {})))
        ++accepted;
    CHECK(accepted == 4);
    REQUIRE_FALSE(last);
    CHECK(last.error().code == mesh::ErrorCode::would_wait);
    CHECK(last.error().detail.find("slow/crawl/") != std::string::npos);
    may_go = true;
    CHECK(publisher->publish("a", {}).has_value());
    CHECK(publisher->wait_dry(20s));
}

TEST_CASE("a slow handler beside a fast one on another topic: the log moves on, none loses") {
    const auto realm = fresh_realm();
    std::atomic<int> slow{0};
    std::atomic<int> fast{0};
    std::atomic<int> lost{0};
    const auto gap = [&](const mesh::Gap& one) { lost += static_cast<int>(one.count); };
    TestNode subscriber(realm, "subscriber");
    subscriber
        ->on("slow",
             [&](const mesh::Event&) {
                 std::this_thread::sleep_for(10ms);
                 ++slow;
             })
        .emits({})
        .on_gap(gap);
    subscriber->on("fast", [&](const mesh::Event&) { ++fast; }).emits({}).on_gap(gap);
    auto options = TestNode::options(realm, "publisher", {"slow", "fast"});
    options.log_size_bytes_max = 1024 * 1024; // so that the log laps the slow handler many times
    TestNode publisher(options);
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("slow", 1, 20s));

    constexpr int slow_count = 300;
    constexpr int fast_count = 300000;
    std::atomic<int> refused{0}; // Catch2's checks are not for several threads
    std::thread crawling([&] {
        for (int i = 0; i < slow_count; ++i)
            if (!publisher->publish("slow", mesh::Payload::text(std::string(100, 's'))))
                ++refused;
    });
    for (int i = 0; i < fast_count; ++i)
        REQUIRE(publisher->publish("fast", mesh::Payload::text(std::string(100, 'f'))));
    crawling.join();
    CHECK(refused == 0);
    CHECK(eventually([&] { return fast == fast_count && slow == slow_count; }, 60s));
    CHECK(lost == 0);
}

TEST_CASE("many threads may publish on one node") {
    const auto realm = fresh_realm();
    std::atomic<int> arrived{0};
    TestNode subscriber(realm, "subscriber");
    subscriber->on("a.*", [&](const mesh::Event&) { ++arrived; }).emits({});
    TestNode publisher(realm, "publisher", {"a.*"});
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    std::atomic<int> refused{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 5000; ++i)
                if (!publisher->publish("a." + std::to_string(t), mesh::Payload::text("x")))
                    ++refused;
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(refused == 0);
    CHECK(eventually([&] { return arrived == 20000; }, 60s));
}
