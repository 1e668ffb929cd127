// Requests and their replies.

#include "mesh/node/requests.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/gate.hpp"
#include "tests/support/home.hpp"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using mesh::ErrorCode;
using mesh::Payload;
using tests::fresh_realm;
using tests::TestNode;

namespace {

std::string text(const mesh::Event& event) {
    return std::string(mesh::text_of(event.payload));
}

} // namespace

TEST_CASE("a request comes back with what a handler of another node replies") {
    const auto realm = fresh_realm();
    TestNode asker(realm, "asker", {"sum.wanted"});
    TestNode sums(realm, "sums");
    sums->on("sum.wanted",
             [](const mesh::Event& event, mesh::Emitter& emit) {
                 const auto numbers = mesh::unpack<std::vector<int>>(event);
                 emit.reply(mesh::pack(numbers->at(0) + numbers->at(1)));
             })
        .emits({}); // a reply is no emit
    REQUIRE(asker.start());
    REQUIRE(sums.start());
    REQUIRE(asker->wait_subscribers("sum.wanted", 1, 20s));
    const auto reply = asker->request("sum.wanted", mesh::pack(std::vector{2, 3}));
    REQUIRE(reply);
    CHECK(mesh::unpack<int>(*reply) == 5);
    std::vector<std::future<mesh::Result<Payload>>> later;
    for (int i = 0; i < 50; ++i)
        later.push_back(asker->request_later("sum.wanted", mesh::pack(std::vector{i, i})));
    for (int i = 0; i < 50; ++i)
        CHECK(mesh::unpack<int>(*later[static_cast<std::size_t>(i)].get()) == 2 * i);
}

TEST_CASE("a handler of the same node replies too, and an event that is no request has no reply") {
    TestNode node(fresh_realm(), "node", {"a"});
    std::atomic<int> handled{0};
    node->on("a",
             [&](const mesh::Event& event, mesh::Emitter& emit) {
                 ++handled;
                 emit.reply(Payload::text(text(event) + "!"));
             })
        .emits({});
    REQUIRE(node.start());
    REQUIRE(node->publish("a", Payload::text("x")));
    const auto reply = node->request("a", Payload::text("y"));
    REQUIRE(reply);
    CHECK(reply->bytes == "y!");
    CHECK(reply->content_type == "text/plain");
    CHECK(handled == 2);
}

TEST_CASE("nobody listening, failing handlers and silence each end a request in their own way") {
    const auto realm = fresh_realm();
    TestNode asker(realm, "asker", {"nobody", "fails", "silent"});
    TestNode other(realm, "other");
    tests::Gate gate;
    other->on("fails", [](const mesh::Event&) { throw std::runtime_error("no tea left"); })
        .named("brew")
        .emits({})
        .retry({2, 1ms, 1ms});
    other
        ->on("silent",
             [&](const mesh::Event&, mesh::Emitter& emit) {
                 gate.pass();
                 emit.reply(Payload::text("late"));
             })
        .emits({});
    REQUIRE(asker.start());
    REQUIRE(other.start());
    REQUIRE(asker->wait_subscribers("fails", 1, 20s));
    const auto begun = mesh::now();
    const auto nobody = asker->request("nobody", {}, {.deadline = 1min});
    REQUIRE_FALSE(nobody);
    CHECK(nobody.error().code == ErrorCode::refused);
    CHECK(nobody.error().detail.find("nobody handles nobody") == 0);
    const auto failed = asker->request("fails", {}, {.deadline = 1min});
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == ErrorCode::refused);
    CHECK(failed.error().detail == "other.brew failed: no tea left");
    CHECK(mesh::now() - begun < 30s); // soon, not after the deadline
    const auto silent = asker->request("silent", {}, {.deadline = 50ms});
    REQUIRE_FALSE(silent);
    CHECK(silent.error().code == ErrorCode::timed_out);
    auto later = asker->request_later("silent", {}, {.deadline = 50ms});
    CHECK(later.get().error().code == ErrorCode::timed_out);
    gate.open(); // what comes now is late, and dropped
    REQUIRE(asker->wait_dry(20s));
}

TEST_CASE("one that replies is enough, though others fail") {
    const auto realm = fresh_realm();
    TestNode asker(realm, "asker", {"a"});
    TestNode good(realm, "good");
    TestNode bad(realm, "bad");
    good->on("a",
             [](const mesh::Event&, mesh::Emitter& emit) {
                 std::this_thread::sleep_for(20ms); // the other one has failed by then
                 emit.reply(Payload::text("fine"));
             })
        .emits({});
    bad->on("a", [](const mesh::Event&) { throw std::runtime_error("no"); }).emits({});
    REQUIRE(asker.start());
    REQUIRE(good.start());
    REQUIRE(bad.start());
    REQUIRE(asker->wait_subscribers("a", 2, 20s));
    const auto reply = asker->request("a", {});
    REQUIRE(reply);
    CHECK(reply->bytes == "fine");
}

TEST_CASE("a handler may request what it declares, and its event is the cause") {
    const auto realm = fresh_realm();
    TestNode node(realm, "node", {"order.placed", "price.wanted", "stock.wanted"});
    TestNode prices(realm, "prices");
    tests::Gate gate;
    std::atomic<int> refused{0};
    std::string answered;
    mesh::EventId cause;
    node->on("order.placed",
             [&](const mesh::Event&) {
                 if (!node->request("stock.wanted", {}))
                     ++refused;
                 const auto price = node->request("price.wanted", {});
                 answered = price ? price->bytes : price.error().detail;
                 gate.open();
             })
        .emits({"price.wanted"});
    prices
        ->on("price.wanted",
             [&](const mesh::Event& event, mesh::Emitter& emit) {
                 cause = event.cause ? event.cause->event : mesh::EventId{};
                 emit.reply(Payload::text("17.20"));
             })
        .emits({});
    REQUIRE(node.start());
    REQUIRE(prices.start());
    REQUIRE(node->wait_subscribers("price.wanted", 1, 20s));
    REQUIRE(node->publish("order.placed", {}));
    gate.pass();
    REQUIRE(node->wait_dry(20s));
    CHECK(answered == "17.20");
    CHECK(refused == 1);
    CHECK(cause.source == node->identity().id);
    CHECK(cause.sequence == 1);
}

TEST_CASE("where it would wait for itself, a request is refused at once") {
    const tests::Home home;
    const auto realm = fresh_realm();
    TestNode node(home.options(realm, "node", {"a", "once.b", "c"}));
    tests::Gate both;
    std::string in_line;
    std::string with_store;
    node->on("a", [&](const mesh::Event&) { in_line = node->request("c", {}).error().detail; })
        .emits({"c"})
        .inlined();
    node->on("once.b", [&](const mesh::Event&, mesh::Emitter&,
                           mesh::Store&) { with_store = node->request("c", {}).error().detail; })
        .emits({"c"});
    node->on("c", [](const mesh::Event&) {}).emits({});
    REQUIRE(node.start());
    REQUIRE(node->publish("a", {}));
    REQUIRE(node->publish("once.b", {}));
    REQUIRE(node->wait_dry(20s));
    CHECK(in_line.find("request_later") != std::string::npos);
    CHECK(with_store.find("holds the store") != std::string::npos);
}

TEST_CASE("requests that are open when the node stops end with it") {
    TestNode node(fresh_realm(), "node", {"a"});
    tests::Gate gate;
    node->on("a", [&](const mesh::Event&) { gate.pass(); }).emits({});
    REQUIRE(node.start());
    auto open = node->request_later("a", {}, {.deadline = 1h});
    gate.open();
    node->stop();
    CHECK(open.get().error().code == ErrorCode::closed);
}

TEST_CASE("a reply that comes too late, twice, or to nobody is counted and dropped") {
    mesh::Requests requests;
    auto open = requests.begin("a", mesh::TimePoint{1h});
    REQUIRE(open);
    requests.receive({}, {open->number + 1, "s.h", false, {}, "x"});
    CHECK(requests.late_count() == 1);
    requests.receive({}, {open->number, "s.h", false, {}, "first"});
    requests.receive({}, {open->number, "s.other", false, {}, "second"});
    CHECK(requests.late_count() == 2);
    // The same once more, over another connection.
    requests.receive({}, {open->number, "s.h", false, {}, "first"});
    requests.receive({}, {open->number, "s.other", false, {}, "second"});
    CHECK(requests.late_count() == 2);
    CHECK(open->reply.get()->bytes == "first");

    auto other = requests.begin("a", mesh::TimePoint{1h});
    // Before it is known how many got it, and twice.
    for (int i = 0; i < 2; ++i)
        requests.receive({}, {other->number, "s.h", true, {}, "no"});
    requests.tick(mesh::TimePoint{59min});
    requests.expect(other->number, 2);
    CHECK(other->reply.wait_for(0s) == std::future_status::timeout);
    requests.tick(mesh::TimePoint{1h});
    const auto result = other->reply.get();
    CHECK(result.error().code == ErrorCode::timed_out);
    CHECK(result.error().detail.find("s.h failed: no") != std::string::npos);
}
