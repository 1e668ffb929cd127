// Ledgers of nodes that run, added up as `dagmesh doctor --ledger` does.

#include "nodes/doctor/ledger.hpp"
#include "nodes/doctor/ledger_text.hpp"
#include "tests/support/ask.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/gate.hpp"
#include "tests/support/home.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;
using nodes::LedgerRow;
using tests::ask;
using tests::eventually;
using tests::fresh_realm;
using tests::Home;
using tests::question;
using tests::TestNode;

namespace {

nodes::NodeLedger told(TestNode& from, TestNode& node) {
    auto answer = ask(from, node, question(mesh::Question::Kind::ledger));
    REQUIRE(answer);
    const auto& identity = node->identity();
    return {identity.id,
            identity.incarnation,
            identity.service,
            identity.instance,
            answer->sent,
            answer->handled,
            false};
}

/// The rows once two looks agree and balance, or at the end of patience.
std::vector<LedgerRow> rows(TestNode& from, const std::vector<TestNode*>& nodes,
                            mesh::Duration patience = 5s) {
    std::vector<LedgerRow> rows;
    std::vector<nodes::NodeLedger> before;
    static_cast<void>(eventually(
        [&] {
            std::vector<nodes::NodeLedger> look;
            for (auto* node : nodes)
                look.push_back(told(from, *node));
            const bool has_settled = look == before;
            before = look;
            rows = nodes::ledger_rows(look);
            return has_settled && nodes::is_balanced(rows);
        },
        patience));
    return rows;
}

const LedgerRow& row(const std::vector<LedgerRow>& rows, const std::string& topic) {
    const auto found = std::ranges::find(rows, topic, &LedgerRow::topic);
    REQUIRE(found != rows.end());
    return *found;
}

void check_balanced(const std::vector<LedgerRow>& rows) {
    CAPTURE(nodes::ledger_table(rows));
    CHECK(nodes::is_balanced(rows));
}

} // namespace

TEST_CASE("what was handled, given up, ignored and waits adds up to what was sent") {
    const auto level = GENERATE(mesh::Level::reliable, mesh::Level::durable, mesh::Level::once);
    const auto workers = GENERATE(1U, 3U);
    const Home home;
    const auto realm = fresh_realm();
    TestNode asker(realm, "asker");
    auto options = home.options(realm, "publisher", {"a", "b"});
    options.events = {{*mesh::Pattern::parse(">"), level, false}};
    TestNode publisher(options);
    TestNode subscriber(home.options(realm, "subscriber"));
    tests::Gate gate;
    subscriber
        ->on("a",
             [&](const mesh::Event& event) {
                 if (event.key == "bad")
                     throw std::runtime_error("no");
                 if (event.key == "wait")
                     gate.pass();
             })
        .named("do")
        .workers(workers)
        .emits({});
    REQUIRE(asker.start());
    REQUIRE(publisher.start());
    REQUIRE(subscriber.start());
    REQUIRE(publisher->wait_subscribers("a", 1, 20s));
    for (int i = 0; i < 20; ++i)
        REQUIRE(publisher->publish("a", {}, {.key = i % 4 == 0 ? "bad" : "good"}));
    for (int i = 0; i < 3; ++i)
        REQUIRE(publisher->publish("a", {}, {.idempotency_key = "one"}));
    REQUIRE(publisher->publish("b", {})); // nobody wants it
    REQUIRE(publisher->wait_dry(20s));

    auto all = rows(asker, {&publisher, &subscriber});
    check_balanced(all);
    REQUIRE(all.size() == 1);
    CHECK(row(all, "a").sent == 23);
    CHECK(row(all, "a").handled == 16);
    CHECK(row(all, "a").dead == 5);
    CHECK(row(all, "a").ignored == 2);
    CHECK(row(all, "a").in_flight() == 0);

    for (int i = 0; i < 5; ++i)
        REQUIRE(publisher->publish("a", {}, {.key = "wait"}));
    REQUIRE(eventually([&] {
        all = rows(asker, {&publisher, &subscriber});
        return row(all, "a").sent == 28;
    }));
    check_balanced(all);
    CHECK(row(all, "a").in_hand == 5);
    gate.open();
    REQUIRE(publisher->wait_dry(20s));
    all = rows(asker, {&publisher, &subscriber});
    check_balanced(all);
    CHECK(row(all, "a").handled == 21);
}

TEST_CASE("what a policy dropped is in the ledger, by topic and reason") {
    const auto policy = GENERATE(mesh::Policy::drop_newest, mesh::Policy::drop_oldest);
    const auto realm = fresh_realm();
    TestNode asker(realm, "asker");
    TestNode publisher(realm, "publisher", {"a.x", "a.y"});
    TestNode subscriber(realm, "subscriber");
    tests::Gate gate;
    std::atomic<int> handled{0};
    subscriber
        ->on("a.*",
             [&](const mesh::Event&) {
                 gate.pass();
                 ++handled;
             })
        .named("do")
        .credit(4)
        .policy(policy)
        .on_gap([](const mesh::Gap&) {})
        .emits({});
    REQUIRE(asker.start());
    REQUIRE(publisher.start());
    REQUIRE(subscriber.start());
    REQUIRE(publisher->wait_subscribers("a.x", 1, 20s));
    for (int i = 0; i < 60; ++i)
        REQUIRE(publisher->publish(i % 3 == 0 ? "a.y" : "a.x", {}));
    gate.open();
    REQUIRE(publisher->wait_dry(20s));
    const auto all = rows(asker, {&publisher, &subscriber});
    check_balanced(all);
    CHECK(row(all, "a.x").sent == 40);
    CHECK(row(all, "a.y").sent == 20);
    const auto dropped = row(all, "a.x").dropped[1] + row(all, "a.y").dropped[1];
    CHECK(dropped > 0);
    CHECK(dropped + static_cast<std::uint64_t>(handled) == 60);
}

TEST_CASE("a letter that is retried stays one event in the ledger") {
    const auto realm = fresh_realm();
    TestNode asker(realm, "asker");
    std::atomic<bool> fails{true};
    TestNode node(realm, "node", {"a"});
    node->on("a",
             [&](const mesh::Event&) {
                 if (fails)
                     throw std::runtime_error("no");
             })
        .emits({});
    REQUIRE(asker.start());
    REQUIRE(node.start());
    REQUIRE(node->publish("a", {}));
    REQUIRE(node->wait_dry(20s));
    CHECK_FALSE(ask(asker, node, question(mesh::Question::Kind::retry, 1))->error.empty());
    fails = false;
    CHECK(ask(asker, node, question(mesh::Question::Kind::retry, 1))->error.empty());
    const auto all = rows(asker, {&node});
    check_balanced(all);
    CHECK(row(all, "a").dead == 1);
    CHECK(row(all, "a").handled == 0);
}

TEST_CASE("nodes that start anew balance from then on, whichever it is") {
    const bool is_durable = GENERATE(false, true);
    const auto topic = std::string(is_durable ? "order.placed" : "plain");
    const Home home;
    const auto realm = fresh_realm();
    TestNode asker(realm, "asker");
    REQUIRE(asker.start());
    auto publisher = std::make_unique<TestNode>(home.options(realm, "publisher", {topic}));
    std::unique_ptr<TestNode> subscriber;
    const auto start_subscriber = [&] {
        subscriber.reset();
        subscriber = std::make_unique<TestNode>(home.options(realm, "subscriber"));
        (*subscriber)->on(topic, [](const mesh::Event&) {}).named("do").emits({});
        REQUIRE(subscriber->start());
    };
    const auto publish = [&](int count) {
        REQUIRE((*publisher)->wait_subscribers(topic, 1, 20s));
        for (int i = 0; i < count; ++i)
            REQUIRE((*publisher)->publish(topic, {}));
        REQUIRE((*publisher)->wait_dry(20s));
    };
    const auto check = [&](std::uint64_t handled) {
        const auto all = rows(asker, {publisher.get(), subscriber.get()});
        check_balanced(all);
        CHECK(row(all, topic).handled == handled);
    };
    REQUIRE(publisher->start());
    start_subscriber();
    publish(10);
    check(10);
    start_subscriber();
    publish(5);
    check(5);
    publisher.reset();
    publisher = std::make_unique<TestNode>(home.options(realm, "publisher", {topic}));
    REQUIRE(publisher->start());
    publish(3);
    check(3);
}

TEST_CASE("what replicas have in hand of a publisher's earlier run is not of its new one") {
    const Home home;
    const auto realm = fresh_realm();
    TestNode asker(realm, "asker");
    REQUIRE(asker.start());
    auto options = home.options(realm, "publisher", {"order.placed"});
    options.drain_patience = 500ms;
    auto publisher = std::make_unique<TestNode>(options);
    tests::Gate gate;
    std::array<std::unique_ptr<TestNode>, 2> replicas;
    for (auto& one : replicas) {
        one = std::make_unique<TestNode>(home.options(realm, "order"));
        (*one)->on("order.placed", [&](const mesh::Event&) { gate.pass(); }).named("do").emits({});
        REQUIRE(one->start());
    }
    REQUIRE(publisher->start());
    REQUIRE((*publisher)->wait_subscribers("order.placed", 2, 20s));
    const auto publish = [&](int count) {
        for (int i = 0; i < count; ++i)
            REQUIRE((*publisher)->publish("order.placed", {}, {.key = std::to_string(i)}));
    };
    const auto check = [&](std::uint64_t sent) {
        const auto all = rows(asker, {publisher.get(), replicas[0].get(), replicas[1].get()});
        check_balanced(all);
        std::uint64_t sum = 0;
        for (const auto& one : all)
            sum += one.sent;
        CHECK(sum == sent);
    };
    publish(40);
    check(40);
    publisher.reset();
    publisher = std::make_unique<TestNode>(options);
    REQUIRE(publisher->start());
    REQUIRE((*publisher)->wait_subscribers("order.placed", 2, 20s));
    publish(20);
    check(20);
    gate.open();
    REQUIRE((*publisher)->wait_dry(20s));
    check(20);
}

TEST_CASE("a miscount unbalances the ledger, which says where and by how much") {
    const auto fault =
        GENERATE(mesh::LedgerFault::forgets_handled, mesh::LedgerFault::counts_twice);
    const auto realm = fresh_realm();
    TestNode asker(realm, "asker");
    TestNode publisher(realm, "publisher", {"a", "b"});
    auto options = TestNode::options(realm, "subscriber");
    options.ledger_fault = fault;
    TestNode subscriber(options);
    subscriber->on("a", [](const mesh::Event&) {}).named("do").emits({});
    REQUIRE(asker.start());
    REQUIRE(publisher.start());
    REQUIRE(subscriber.start());
    REQUIRE(publisher->wait_subscribers("a", 1, 20s));
    for (int i = 0; i < 30; ++i)
        REQUIRE(publisher->publish("a", {}));
    REQUIRE(publisher->wait_dry(20s));
    const auto all = rows(asker, {&publisher, &subscriber}, 300ms);
    REQUIRE_FALSE(nodes::is_balanced(all));
    const auto complaints = nodes::ledger_complaints(all);
    REQUIRE(complaints.size() == 1);
    CHECK(complaints.front().find("subscriber.do") != std::string::npos);
    CHECK(complaints.front().find(fault == mesh::LedgerFault::counts_twice
                                      ? "3 too many"
                                      : "3 missing") != std::string::npos);
}
