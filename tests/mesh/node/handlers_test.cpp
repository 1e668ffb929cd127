#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/test_realm.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using tests::eventually;
using tests::fresh_realm;
using tests::TestNode;

TEST_CASE("an event reaches a handler of another node and one of its own") {
    const auto realm = fresh_realm();
    std::atomic<int> near{0};
    std::atomic<int> far{0};
    TestNode subscriber(realm, "subscriber");
    subscriber->on("a.*", [&](const mesh::Event&) { ++far; }).emits({});
    TestNode publisher(realm, "publisher", {"a.b"});
    publisher->on("a.b", [&](const mesh::Event&) { ++near; }).emits({});
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());

    for (int i = 0; i < 100; ++i)
        REQUIRE(publisher->publish("a.b", mesh::Payload::text("x")));

    CHECK(eventually([&] { return near == 100 && far == 100; }));
    CHECK(publisher->wait_dry(20s));
}

TEST_CASE("events come in order and with what was said of them") {
    const auto realm = fresh_realm();
    std::vector<std::string> seen;
    std::atomic<bool> is_complete{false};
    TestNode subscriber(realm, "subscriber");
    subscriber
        ->on("a.>",
             [&](const mesh::Event& event) {
                 const auto headers = mesh::headers_of(event);
                 seen.push_back(std::string(event.topic) + " " + std::string(event.key) + " " +
                                std::string(mesh::text_of(event.payload)) + " " +
                                (headers.empty() ? "" : headers[0].first + headers[0].second) +
                                " " + std::string(event.service) + " " +
                                std::to_string(event.id.sequence));
                 is_complete = seen.size() == 3;
             })
        .emits({});
    TestNode publisher(realm, "publisher", {"a.>"});
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());

    REQUIRE(publisher->publish("a.b", mesh::Payload::text("one"), {.key = "k"}));
    REQUIRE(publisher->publish("a.c.d", mesh::Payload::text("two"), {.headers = {{"h", "v"}}}));
    REQUIRE(publisher->publish("a.b", mesh::Payload::text("three")));

    REQUIRE(eventually([&] { return is_complete.load(); }));
    CHECK(seen == std::vector<std::string>{"a.b k one  publisher 1", "a.c.d  two hv publisher 2",
                                           "a.b  three  publisher 3"});
}

TEST_CASE("what a handler emits carries its cause, and so on along the chain") {
    const auto realm = fresh_realm();
    std::atomic<bool> is_done{false};
    mesh::EventId root;
    mesh::Cause last;
    TestNode node(realm, "chain", {"a", "b", "c"});
    node->on("a",
             [&](const mesh::Event& event, mesh::Emitter& emit) {
                 root = event.id;
                 emit("b", mesh::Payload::text("b"));
             })
        .emits({"b"});
    node->on("b", [](const mesh::Event&, mesh::Emitter& emit) { emit("c", {}); }).emits({"c"});
    node->on("c",
             [&](const mesh::Event& event) {
                 last = event.cause.value_or(mesh::Cause{});
                 is_done = true;
             })
        .emits({});
    REQUIRE(node.start());
    REQUIRE(node->publish("a", {}));

    REQUIRE(eventually([&] { return is_done.load(); }));
    CHECK(last.rank == 2);
    CHECK(last.trace == mesh::trace_of_root(root));
    CHECK(last.event.sequence == root.sequence + 1);
}

TEST_CASE("an entry published in a handler leaves at once, without a cause, whatever it emits") {
    const auto realm = fresh_realm();
    std::atomic<bool> has_cause{true};
    std::atomic<bool> is_seen{false};
    std::atomic<bool> is_returned{false};
    auto options = TestNode::options(realm, "panel", {"tick", "button.pressed"});
    options.events = {{mesh::Pattern::parse("button.*").value(), mesh::Level::reliable, true}};
    TestNode node(options);
    node->on("tick",
             [&](const mesh::Event&) {
                 const bool is_published = node->publish("button.pressed", {}).has_value();
                 is_returned = is_published && eventually([&] { return is_seen.load(); });
             })
        .emits({});
    node->on("button.pressed",
             [&](const mesh::Event& event) {
                 has_cause = event.cause.has_value();
                 is_seen = true;
             })
        .emits({});
    REQUIRE(node.start());
    REQUIRE(node->publish("tick", {}));

    REQUIRE(eventually([&] { return is_returned.load(); }));
    CHECK_FALSE(has_cause);
}

TEST_CASE("publishing from inside a handler does not deadlock and leaves after it returned") {
    const auto realm = fresh_realm();
    std::atomic<int> replies{0};
    TestNode node(realm, "echo", {"ask", "reply"});
    node->on("ask",
             [&](const mesh::Event&) {
                 for (int i = 0; i < 10; ++i)
                     if (!(*node).publish("reply", mesh::Payload::text("r")))
                         replies += 1000;
             })
        .emits({"reply"});
    node->on("reply", [&](const mesh::Event& event) { replies += event.cause ? 1 : 1000; })
        .emits({});
    REQUIRE(node.start());
    for (int i = 0; i < 20; ++i)
        REQUIRE(node->publish("ask", {}));
    CHECK(eventually([&] { return replies == 200; }));
}

TEST_CASE("a handler that throws is counted, its emits do not leave, and the next event comes") {
    const auto realm = fresh_realm();
    std::atomic<int> handled{0};
    std::atomic<int> emitted{0};
    TestNode node(realm, "thrower", {"in", "out"});
    node->on("in",
             [&](const mesh::Event& event, mesh::Emitter& emit) {
                 emit("out", {});
                 if (mesh::text_of(event.payload) == "bad")
                     throw std::runtime_error("as asked");
                 ++handled;
             })
        .emits({"out"});
    node->on("out", [&](const mesh::Event&) { ++emitted; }).emits({});
    REQUIRE(node.start());
    for (const auto* text : {"good", "bad", "good"})
        REQUIRE(node->publish("in", mesh::Payload::text(text)));
    CHECK(node->wait_dry(20s));
    CHECK(handled == 2);
    CHECK(emitted == 2);
}

TEST_CASE("an emit that the handler did not declare is refused, in both forms") {
    const auto realm = fresh_realm();
    std::atomic<int> refused{0};
    std::atomic<int> leaked{0};
    TestNode node(realm, "liar", {"in", "out"});
    node->on("in",
             [&](const mesh::Event&, mesh::Emitter& emit) {
                 const auto published = (*node).publish("out", {});
                 refused += !published && published.error().code == mesh::ErrorCode::refused;
                 try {
                     emit("out", {});
                 } catch (const mesh::Undeclared&) {
                     ++refused;
                 }
             })
        .emits({});
    node->on("out", [&](const mesh::Event&) { ++leaked; }).emits({});
    REQUIRE(node.start());
    REQUIRE(node->publish("in", {}));
    CHECK(node->wait_dry(20s));
    CHECK(refused == 2);
    CHECK(leaked == 0);
}

TEST_CASE("a topic outside the contract is refused, a malformed one is invalid") {
    TestNode node(fresh_realm(), "strict", {"a.b", "x.>"});
    REQUIRE(node.start());
    CHECK(node->publish("a.b", {}).has_value());
    CHECK(node->publish("a.c", {}).error().code == mesh::ErrorCode::refused);
    CHECK(node->publish("x..y", {}).error().code == mesh::ErrorCode::invalid);
    const std::string large(mesh::payload_size_bytes_max + 1, 'x');
    CHECK(node->publish("a.b", mesh::Payload::text(large)).error().code == mesh::ErrorCode::limit);
}

TEST_CASE("a handler that blocks disturbs neither other handlers nor the node") {
    const auto realm = fresh_realm();
    std::atomic<int> fast{0};
    std::atomic<bool> may_go{false};
    TestNode subscriber(realm, "subscriber");
    subscriber
        ->on("slow",
             [&](const mesh::Event&) {
                 while (!may_go)
                     std::this_thread::yield();
             })
        .emits({});
    subscriber->on("fast", [&](const mesh::Event&) { ++fast; }).emits({});
    TestNode publisher(realm, "publisher", {"slow", "fast"});
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->publish("slow", {}));
    for (int i = 0; i < 1000; ++i)
        REQUIRE(publisher->publish("fast", {}));
    CHECK(eventually([&] { return fast == 1000; }));
    // Beyond the lease: a handler at work is no reason to give up its node.
    CHECK_FALSE(eventually(
        [&] {
            const auto peers = publisher->peers();
            return peers.size() != 1 || peers[0].state != mesh::PeerState::active;
        },
        3500ms));
    may_go = true;
    CHECK(publisher->wait_dry(20s));
}
