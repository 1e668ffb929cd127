#include "mesh/node/handling/deadline_watch.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/gate.hpp"
#include "tests/support/gathered.hpp"
#include "tests/support/test_realm.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using mesh::DeadReason;
using tests::eventually;
using tests::fresh_realm;
using tests::TestNode;

namespace {

/// A node that keeps its dead letters and its report.
struct Mourner : TestNode {
    explicit Mourner(std::vector<std::string> publishes)
        : Mourner(std::move(publishes), std::tmpfile()) {}

    Mourner(std::vector<std::string> publishes, std::FILE* file)
        : TestNode([&] {
              auto options = TestNode::options(fresh_realm(), "node", std::move(publishes));
              options.report_fd = fileno(file);
              return options;
          }()),
          report(file, &std::fclose) {
        (*this)->on_dead_letter([this](const mesh::DeadLetter& letter) { letters.add(letter); });
    }

    /// Stops the node. What its handler did with the topic.
    nlohmann::json counts(const std::string& topic) {
        (*this)->stop();
        std::string line(65'536, '\0');
        std::rewind(report.get());
        line.resize(std::fread(line.data(), 1, line.size(), report.get()));
        return nlohmann::json::parse(line).at("handlers").at(0).at("topics").at(topic);
    }

    tests::Gathered<mesh::DeadLetter> letters;
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> report;
};

} // namespace

TEST_CASE("what fails as often as it may is a dead letter, whole, and holds up nothing") {
    std::atomic<int> good{0};
    Mourner node({"a"});
    node->on("a",
             [&](const mesh::Event& event) {
                 if (event.key == "bad")
                     throw std::runtime_error("cannot be done");
                 ++good;
             })
        .named("do")
        .emits({})
        .retry({3, 1ms, 2ms});
    REQUIRE(node.start());
    REQUIRE(node->publish("a", mesh::Payload::text("body"),
                          {.key = "bad", .headers = {{"name", "value"}}}));
    REQUIRE(node->publish("a", {}));
    REQUIRE(node->wait_dry(20s));
    CHECK(good == 1);

    REQUIRE(node.letters.size() == 1);
    const auto letter = node.letters.all().front();
    CHECK(letter.handler == "do");
    CHECK(letter.reason == DeadReason::failed);
    CHECK(letter.attempts == 3);
    CHECK(letter.error == "cannot be done");
    CHECK(letter.path == "a");
    CHECK(letter.event->topic == "a");
    CHECK(letter.event->key == "bad");
    CHECK(letter.event->id.sequence == 1);
    CHECK(mesh::text_of(letter.event->payload) == "body");
    CHECK(mesh::headers_of(*letter.event).front().second == "value");
    const auto counts = node.counts("a");
    CHECK(counts.at("handled") == 1);
    CHECK(counts.at("failed") == 3);
    CHECK(counts.at("retried") == 2);
    CHECK(counts.at("dead") == 1);
}

TEST_CASE("without retry, what fails is a dead letter at once") {
    Mourner node({"a"});
    node->on("a", [](const mesh::Event&) { throw 42; }).emits({});
    REQUIRE(node.start());
    REQUIRE(node->publish("a", {}));
    REQUIRE(node->wait_dry(20s));
    REQUIRE(node.letters.size() == 1);
    CHECK(node.letters.all().front().attempts == 1);
    CHECK(node.letters.all().front().error.find("no std::exception") != std::string::npos);
    CHECK(node.counts("a").at("dead") == 1);
}

TEST_CASE("an emission that is not declared is not tried again") {
    Mourner node({"a", "b"});
    node->on("a", [](const mesh::Event&, mesh::Emitter& emit) { emit("b", {}); })
        .emits({})
        .retry({5, 1h, 1h});
    REQUIRE(node.start());
    REQUIRE(node->publish("a", {}));
    REQUIRE(node->wait_dry(20s));
    REQUIRE(node.letters.size() == 1);
    CHECK(node.letters.all().front().reason == DeadReason::undeclared);
    CHECK(node.letters.all().front().attempts == 1);
}

TEST_CASE("what cannot be sent is refused where it is said, and nothing of it leaves") {
    std::atomic<int> emitted{0};
    Mourner node({"a", "b"});
    node->on("a",
             [](const mesh::Event&, mesh::Emitter& emit) {
                 emit("b", {});
                 emit("b", {std::string(mesh::payload_size_bytes_max + 1, 'x')});
             })
        .emits({"b"});
    node->on("b", [&](const mesh::Event&) { ++emitted; }).emits({});
    REQUIRE(node.start());
    REQUIRE(node->publish("a", {}));
    REQUIRE(node->wait_dry(20s));
    REQUIRE(node.letters.size() == 1);
    CHECK(node.letters.all().front().error.find("payload") != std::string::npos);
    CHECK(emitted == 0);
}

TEST_CASE("an event that outlived its time is not handled any more") {
    std::atomic<int> handled{0};
    tests::Gate gate;
    Mourner node({"a"});
    node->on("a",
             [&](const mesh::Event&) {
                 ++handled;
                 gate.pass();
             })
        .emits({});
    REQUIRE(node.start());
    REQUIRE(node->publish("a", {}));
    REQUIRE(node->publish("a", mesh::Payload::text("late"), {.time_to_live = 1ms}));
    REQUIRE(node->publish("a", {}, {.time_to_live = 1h}));
    REQUIRE(eventually([&] { return handled == 1; }));
    std::this_thread::sleep_for(3ms); // so that its time is over
    gate.open();
    REQUIRE(node->wait_dry(20s));
    CHECK(handled == 2);
    REQUIRE(node.letters.size() == 1);
    const auto letter = node.letters.all().front();
    CHECK(letter.reason == DeadReason::expired);
    CHECK(letter.attempts == 0);
    CHECK(mesh::text_of(letter.event->payload) == "late");
    const auto counts = node.counts("a");
    CHECK(counts.at("expired") == 1);
    CHECK(counts.at("dead") == 1);
    CHECK(counts.at("handled") == 2);
}

TEST_CASE("an attempt that takes longer than the deadline has failed, and emits nothing") {
    std::atomic<int> attempts{0};
    std::atomic<int> emitted{0};
    Mourner node({"a", "b"});
    node->on("a",
             [&](const mesh::Event&, mesh::Emitter& emit) {
                 emit("b", {});
                 if (++attempts == 1)
                     std::this_thread::sleep_for(50ms); // longer than the deadline
             })
        .emits({"b"})
        .deadline(20ms)
        .retry({10, 1ms, 1ms});
    node->on("b", [&](const mesh::Event&) { ++emitted; }).emits({});
    REQUIRE(node.start());
    REQUIRE(node->publish("a", {}));
    REQUIRE(node->wait_dry(20s));
    CHECK(attempts >= 2);
    CHECK(emitted == 1);
    const auto counts = node.counts("a");
    CHECK(counts.at("overdue") >= 1);
    CHECK(counts.at("overdue") == counts.at("failed"));
    CHECK(counts.at("handled") == 1);
}

TEST_CASE("a deadline that passes is told while the attempt still runs, once") {
    mesh::DeadlineWatch watch("h", 100ms);
    const mesh::TimePoint start{1h};
    const auto slow = watch.begin("a 1", start);
    const auto quick = watch.begin("a 2", start + 50ms);
    CHECK(watch.look(start + 100ms) == 0);
    CHECK(watch.look(start + 101ms) == 1);
    CHECK_FALSE(watch.end(quick, start + 150ms));
    CHECK(watch.look(start + 200ms) == 0);
    CHECK(watch.end(slow, start + 300ms));
    CHECK(watch.look(start + 400ms) == 0);
}

TEST_CASE("an idempotency key that was dealt with is ignored, one that failed is not") {
    std::atomic<int> handled{0};
    std::atomic<int> elsewhere{0};
    Mourner node({"a"});
    node->on("a",
             [&](const mesh::Event& event) {
                 if (mesh::text_of(event.payload) == "bad")
                     throw std::runtime_error("as asked");
                 ++handled;
             })
        .named("one")
        .emits({});
    node->on("a", [&](const mesh::Event&) { ++elsewhere; }).named("other").emits({});
    REQUIRE(node.start());
    REQUIRE(node->publish("a", mesh::Payload::text("bad"), {.idempotency_key = "k"}));
    for (int i = 0; i < 3; ++i)
        REQUIRE(node->publish("a", {}, {.idempotency_key = "k"}));
    REQUIRE(node->publish("a", {}, {.idempotency_key = "other"}));
    REQUIRE(node->publish("a", {}));
    REQUIRE(node->wait_dry(20s));
    CHECK(handled == 3);
    CHECK(elsewhere == 3); // a handler's memory is its own
    CHECK(node.counts("a").at("ignored") == 2);
}

TEST_CASE("two workers do not handle one idempotency key at once, nor twice") {
    std::atomic<int> handled{0};
    Mourner node({"a"});
    node->on("a",
             [&](const mesh::Event&) {
                 std::this_thread::sleep_for(1ms);
                 ++handled;
             })
        .emits({})
        .workers(8);
    REQUIRE(node.start());
    for (int i = 0; i < 200; ++i)
        REQUIRE(node->publish("a", {}, {.idempotency_key = std::to_string(i % 10)}));
    REQUIRE(node->wait_dry(20s));
    CHECK(handled == 10);
    CHECK(node.counts("a").at("ignored") == 190);
}

TEST_CASE("the mesh's own headers are nobody else's to set") {
    Mourner node({"a"});
    REQUIRE(node.start());
    const auto refused = node->publish("a", {}, {.headers = {{"dagmesh-ttl-ms", "5"}}});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == mesh::ErrorCode::invalid);
    CHECK(refused.error().detail.find("dagmesh-ttl-ms") != std::string::npos);
}

TEST_CASE("options of a handler that contradict each other keep the node from starting") {
    const auto refuses = [](auto declare) {
        TestNode node(fresh_realm(), "node", {"a"});
        declare(node->on("a", [](const mesh::Event&) {}).emits({}));
        CHECK_THROWS_AS(node->start(), std::invalid_argument);
    };
    refuses([](auto&& one) { one.workers(0); });
    refuses([](auto&& one) { one.workers(65); });
    refuses([](auto&& one) { one.retry({.attempts = 0}); });
    refuses([](auto&& one) { one.inlined().workers(2); });
    refuses([](auto&& one) { one.inlined().deadline(1s); });
    refuses([](auto&& one) { one.deadline(-1s); });
    refuses([](auto&& one) { one.after({"b"}); });
}
