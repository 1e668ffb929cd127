#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/test_realm.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <string>

using namespace std::chrono_literals;
using tests::eventually;
using tests::fresh_realm;
using tests::TestNode;

namespace {

/// A node that says `to` whenever it hears `from`, with the payload it was given.
struct Relay : TestNode {
    Relay(const std::string& realm, const std::string& service, const std::string& from,
          const std::string& to, bool is_strict)
        : TestNode([&] {
              auto options = TestNode::options(realm, service);
              options.is_strict = is_strict;
              return options;
          }()) {
        (*this)->on_refused([this] { is_refused = true; });
        (*this)
            ->on(from,
                 [this, to](const mesh::Event& event, mesh::Emitter& emit) {
                     ++handled;
                     emit(to, mesh::Payload::text(std::string(mesh::text_of(event.payload))));
                 })
            .named("relay")
            .emits({to});
    }

    std::atomic<int> handled{0};
    std::atomic<bool> is_refused{false};
};

/// What arrives on a topic, each text once.
struct Listener : TestNode {
    Listener(const std::string& realm, const std::string& topic) : TestNode(realm, "listener") {
        (*this)
            ->on(topic,
                 [this](const mesh::Event& event) {
                     const std::lock_guard lock(mutex);
                     texts.insert(std::string(mesh::text_of(event.payload)));
                 })
            .emits({});
    }

    std::size_t count() {
        const std::lock_guard lock(mutex);
        return texts.size();
    }

    std::mutex mutex;
    std::set<std::string> texts;
};

} // namespace

TEST_CASE("a node that would close a cycle is refused before it is ready") {
    const auto realm = fresh_realm();
    Relay first(realm, "first", "x", "y", true);
    Relay second(realm, "second", "y", "z", true);
    REQUIRE(first.start());
    REQUIRE(second.start());
    Relay third(realm, "third", "z", "x", true);
    CHECK_FALSE(third.start());
    CHECK(third.is_refused);
    CHECK_FALSE(first.is_refused);

    second->stop();
    REQUIRE(eventually([&] { return first->peers().empty(); }));
    Relay again(realm, "third", "z", "x", true);
    CHECK(again.start());
}

TEST_CASE("a node whose own handlers form a cycle is refused, also when it is alone") {
    TestNode node(fresh_realm(), "round");
    node->on("a", [](const mesh::Event&) {}).emits({"b"});
    node->on("b", [](const mesh::Event&) {}).emits({"a"});
    CHECK_FALSE(node.start());
}

TEST_CASE(
    "a quarantined handler gets nothing, holds nobody up, and goes on when the cause is gone") {
    const auto realm = fresh_realm();
    Relay forth(realm, "forth", "a", "b", true);
    REQUIRE(forth.start());
    Relay back(realm, "back", "b", "a", false);
    REQUIRE(back.start());
    TestNode publisher(realm, "publisher", {"b"});
    Listener listener(realm, "a");
    REQUIRE(listener.start());
    REQUIRE(publisher.start());

    // More than the credit of a handler: a subscription that is still served would block.
    constexpr int count = 40'000;
    for (int i = 0; i < count; ++i)
        REQUIRE(publisher->publish("b", mesh::Payload::text(std::to_string(i))));
    CHECK(publisher->wait_dry(20s));
    CHECK(back.handled == 0);
    CHECK(forth.handled == 0);

    forth->stop();
    // It was there at the publisher's start, so it is owed everything.
    CHECK(eventually([&] { return listener.count() == count; }, 30s));
    CHECK(back.handled == count);
}

TEST_CASE("what reaches a handler before it is admitted waits and is not lost") {
    const auto realm = fresh_realm();
    TestNode publisher(realm, "publisher", {"a"});
    Listener listener(realm, "b");
    REQUIRE(listener.start());
    REQUIRE(publisher.start());
    Relay relay(realm, "relay", "a", "b", true);
    relay->start(); // and not ready yet: it listens for 150 ms
    REQUIRE(publisher->wait_subscribers("a", 1, 20s));
    for (int i = 0; i < 100; ++i)
        REQUIRE(publisher->publish("a", mesh::Payload::text(std::to_string(i))));
    CHECK(eventually([&] { return listener.count() == 100; }));
}
