#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/home.hpp"
#include "tests/support/test_realm.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using tests::eventually;
using tests::fresh_realm;
using tests::Home;
using tests::TestNode;

namespace {

/// A handler that notes what it gets, and stands still until it is let go.
class Listener {
public:
    void declare(TestNode& node, std::string_view pattern) {
        node->on(pattern, [this](const mesh::Event& event) { take(event); })
            .named("note")
            .emits({});
    }

    void let_go() { may_go_ = true; }

    std::vector<std::string> texts() const {
        const std::lock_guard lock(mutex_);
        return texts_;
    }

private:
    void take(const mesh::Event& event) {
        while (!may_go_)
            std::this_thread::sleep_for(1ms);
        const std::lock_guard lock(mutex_);
        texts_.emplace_back(mesh::text_of(event.payload));
    }

    std::atomic<bool> may_go_{false};
    mutable std::mutex mutex_; ///< guards the rest
    std::vector<std::string> texts_;
};

std::vector<mesh::NewEvent> batch(std::string_view topic, int from, int to) {
    std::vector<mesh::NewEvent> events;
    for (int i = from; i < to; ++i)
        events.push_back({std::string(topic), mesh::Payload::text(std::to_string(i)), {}});
    return events;
}

std::vector<std::string> numbers(int to) {
    std::vector<std::string> all;
    for (int i = 0; i < to; ++i)
        all.push_back(std::to_string(i));
    return all;
}

} // namespace

TEST_CASE("events published later keep their order, and each is told once when it is stored") {
    const Home home;
    const auto realm = fresh_realm();
    Listener listener;
    TestNode subscriber(home.options(realm, "subscriber"));
    listener.declare(subscriber, "order.*");
    listener.let_go();
    TestNode publisher(home.options(realm, "publisher", {"order.created"}));
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("order.created", 1, 20s));
    std::mutex mutex;
    std::vector<std::string> stored;
    for (int i = 0; i < 999; ++i)
        publisher->publish_later("order.created", mesh::Payload::text(std::to_string(i)), {},
                                 [&, i](const mesh::Result<void>& result) {
                                     const std::lock_guard lock(mutex);
                                     stored.push_back(result ? std::to_string(i)
                                                             : result.error().detail);
                                 });
    REQUIRE(publisher->publish("order.created", mesh::Payload::text("999")));
    // What is on its way to the disk is waited for as well.
    const auto last = publisher->publish_later("order.created", mesh::Payload::text("1000"));
    CHECK(publisher->wait_dry(20s));
    CHECK(last.wait_for(0s) == std::future_status::ready);
    CHECK(stored == numbers(999));
    CHECK(listener.texts() == numbers(1001));
}

TEST_CASE("a batch of durable events is stored whole or not at all") {
    const Home home;
    const auto realm = fresh_realm();
    Listener listener;
    TestNode subscriber(home.options(realm, "subscriber"));
    listener.declare(subscriber, "order.*");
    auto options = home.options(realm, "publisher", {"order.created", "once.created"});
    options.journal.count_max = 100;
    TestNode publisher(options);
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("order.created", 1, 20s));

    REQUIRE(publisher->publish_all(batch("order.created", 0, 97)));
    const auto full = publisher->publish_all(batch("order.created", 500, 504));
    REQUIRE_FALSE(full);
    CHECK(full.error().code == mesh::ErrorCode::limit);
    CHECK(full.error().detail.find("the journal is full") != std::string::npos);
    auto both = batch("order.created", 97, 99); // of both levels that a journal keeps
    both.push_back({"once.created", {}, {}});
    REQUIRE(publisher->publish_all(both));
    CHECK_FALSE(publisher->publish("order.created", {}));
    const auto late = publisher->publish_later("order.created", {}).get();
    REQUIRE_FALSE(late);
    CHECK(late.error().code == mesh::ErrorCode::limit);

    listener.let_go();
    CHECK(publisher->wait_dry(20s));
    CHECK(listener.texts() == numbers(99));
}

TEST_CASE("of a batch that cannot be published whole, nothing is") {
    const auto realm = fresh_realm();
    Listener listener;
    TestNode node(realm, "node", {"a", "b"});
    listener.declare(node, ">");
    listener.let_go();
    REQUIRE(node.start());
    const auto refused_with = [&](mesh::NewEvent wrong) {
        auto events = batch("a", 0, 3);
        events.push_back(std::move(wrong));
        const auto result = node->publish_all(events);
        REQUIRE_FALSE(result);
        return result.error().code;
    };
    CHECK(refused_with({"c", {}, {}}) == mesh::ErrorCode::refused);
    CHECK(refused_with({"b", mesh::Payload::text(std::string(2 * 1024 * 1024, 'x')), {}}) ==
          mesh::ErrorCode::limit);
    CHECK(refused_with({"b", {}, {.headers = {{"dagmesh-ttl-ms", "1"}}}}) ==
          mesh::ErrorCode::invalid);
    CHECK(refused_with({"b", {}, {.level = mesh::Level::durable}}) == mesh::ErrorCode::invalid);
    CHECK(node->publish_all(batch("a", 0, 5000)).error().code == mesh::ErrorCode::limit);
    CHECK(node->publish_all({}));

    REQUIRE(node->publish_all(batch("a", 0, 3)));
    CHECK(node->wait_dry(20s));
    CHECK(listener.texts() == numbers(3));
}

TEST_CASE("nothing of other threads comes in between the events of a batch") {
    const auto realm = fresh_realm();
    Listener listener;
    TestNode subscriber(realm, "subscriber");
    listener.declare(subscriber, "a");
    listener.let_go();
    TestNode publisher(realm, "publisher", {"a"});
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("a", 1, 20s));
    constexpr int batch_count = 200;
    constexpr int batch_size = 10;
    std::atomic<int> failed{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            for (int j = 0; j < batch_count; ++j)
                failed += publisher->publish_all(batch("a", 0, batch_size)) ? 0 : 1;
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(failed == 0);
    CHECK(publisher->wait_dry(20s));
    const auto texts = listener.texts();
    REQUIRE(texts.size() == 3 * batch_count * batch_size);
    for (std::size_t i = 0; i < texts.size(); ++i)
        REQUIRE(texts[i] == std::to_string(i % batch_size));
}

TEST_CASE("a handler publishes neither later nor in batches") {
    const auto realm = fresh_realm();
    std::atomic<int> refused{0};
    TestNode node(realm, "node", {"a", "b"});
    node->on("a",
             [&](const mesh::Event&) {
                 const auto all = node->publish_all(batch("b", 0, 2));
                 const auto later = node->publish_later("b", {}).get();
                 refused += !all && all.error().code == mesh::ErrorCode::refused ? 1 : 0;
                 refused += !later && later.error().code == mesh::ErrorCode::refused ? 1 : 0;
             })
        .emits({"b"});
    REQUIRE(node.start());
    REQUIRE(node->publish_and_wait("a", {}, 20s));
    CHECK(refused == 2);
}

TEST_CASE(
    "who is told that an event is stored and publishes another one is refused, and not stuck") {
    const Home home;
    const auto realm = fresh_realm();
    TestNode node(home.options(realm, "node", {"order.created"}));
    REQUIRE(node.start());
    std::atomic<int> refused{0};
    node->publish_later("order.created", {}, {}, [&](const mesh::Result<void>&) {
        const auto inner = node->publish("order.created", {});
        refused = !inner && inner.error().code == mesh::ErrorCode::refused ? 1 : 2;
    });
    CHECK(eventually([&] { return refused == 1; }));
}

TEST_CASE("an event published later is closed when the node stops, and told so") {
    const auto realm = fresh_realm();
    TestNode node(realm, "node", {"a"});
    const auto before = node->publish_later("a", {}).get();
    REQUIRE_FALSE(before);
    CHECK(before.error().code == mesh::ErrorCode::closed);
    REQUIRE(node.start());
    CHECK(node->publish_later("a", {}).get());
    node->stop();
    CHECK(node->publish_later("a", {}).get().error().code == mesh::ErrorCode::closed);
}
