// Events of level `once` between nodes. Those that die in the middle are tests/prove/delivery's.

#include "mesh/store/database.hpp"
#include "mesh/store/subscription_table.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/home.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

using namespace std::chrono_literals;
using tests::eventually;
using tests::fresh_realm;
using tests::Home;
using tests::TestNode;

namespace {

/// The numbers in a node's table.
std::vector<std::string> rows(TestNode& node) {
    std::vector<std::string> all;
    node->with_store([&](mesh::Store& store) {
        store.execute("CREATE TABLE IF NOT EXISTS rows(number TEXT)");
        for (const auto& row : store.query("SELECT number FROM rows ORDER BY rowid"))
            all.push_back(row.at(0).text());
    });
    return all;
}

void add_row(mesh::Store& store, const mesh::Event& event) {
    store.execute("CREATE TABLE IF NOT EXISTS rows(number TEXT)");
    store.execute("INSERT INTO rows VALUES(?)", {std::string(mesh::text_of(event.payload))});
}

void publish(TestNode& node, std::string_view topic, int from, int to) {
    for (int i = from; i < to; ++i)
        REQUIRE(node->publish(topic, mesh::Payload::text(std::to_string(i))));
}

/// Keeps what it hears, and says it on.
std::unique_ptr<TestNode> keeper(mesh::NodeOptions options, std::uint32_t workers = 1) {
    auto node = std::make_unique<TestNode>(std::move(options));
    (*node)
        ->on("once.heard",
             [](const mesh::Event& event, mesh::Emitter& emit, mesh::Store& store) {
                 add_row(store, event);
                 emit("once.kept", mesh::Payload::text(std::string(mesh::text_of(event.payload))));
             })
        .named("keep")
        .workers(workers)
        .emits({"once.kept"});
    return node;
}

} // namespace

TEST_CASE("an event of level once leaves its effects and what it caused once, over new starts") {
    const auto workers = GENERATE(1U, 4U);
    const Home home;
    const auto realm = fresh_realm();
    TestNode publisher(home.options(realm, "publisher", {"once.heard"}));
    auto middle = keeper(home.options(realm, "keeper"), workers);
    TestNode end(home.options(realm, "end"));
    end->on("once.kept", [](const mesh::Event& event, mesh::Emitter&,
                            mesh::Store& store) { add_row(store, event); })
        .named("collect")
        .emits({});
    REQUIRE(publisher.start());
    REQUIRE(middle->start());
    REQUIRE(end.start());
    REQUIRE(publisher->wait_subscribers("once.heard", 1, 20s));
    REQUIRE((*middle)->wait_subscribers("once.kept", 1, 20s));
    publish(publisher, "once.heard", 0, 100);
    middle.reset();
    publish(publisher, "once.heard", 100, 200);
    middle = keeper(home.options(realm, "keeper"), workers);
    REQUIRE(middle->start());
    publish(publisher, "once.heard", 200, 300);
    CHECK(eventually([&] { return rows(end).size() >= 300; }));
    auto kept = rows(end);
    CHECK(kept.size() == 300);
    CHECK(rows(*middle).size() == 300);
    if (workers == 1) {
        CHECK(std::ranges::is_sorted(kept, {}, [](const auto& text) { return std::stoi(text); }));
    }
    std::ranges::sort(kept);
    CHECK(std::ranges::unique(kept).empty());
}

TEST_CASE("a subscriber that handled more than it could acknowledge does not handle it again") {
    const Home home;
    const auto realm = fresh_realm();
    auto publisher = std::make_unique<TestNode>(home.options(realm, "publisher", {"once.heard"}));
    auto middle = keeper(home.options(realm, "keeper"));
    REQUIRE(publisher->start());
    REQUIRE(middle->start());
    REQUIRE((*publisher)->wait_subscribers("once.heard", 1, 20s));
    publish(*publisher, "once.heard", 0, 10);
    REQUIRE((*publisher)->wait_dry(20s));
    // The publisher forgets what was acknowledged, as it does when it dies before that is on disk.
    const auto id = (*publisher)->identity().id;
    publisher.reset();
    middle.reset();
    {
        const auto file = home.path() + "/" + realm + "/publisher/1+data/node.db";
        auto database = mesh::Database::open(file, mesh::Sync::normal);
        REQUIRE(database);
        mesh::SubscriptionTable table(**database);
        auto known = table.load();
        REQUIRE(known);
        REQUIRE(known->size() == 1);
        CHECK(known->front().position == 10);
        known->front().position = 3;
        REQUIRE(table.save(*known));
    }
    publisher = std::make_unique<TestNode>(home.options(realm, "publisher", {"once.heard"}));
    middle = keeper(home.options(realm, "keeper"));
    REQUIRE(publisher->start());
    CHECK((*publisher)->identity().id == id);
    REQUIRE(middle->start());
    publish(*publisher, "once.heard", 10, 12);
    CHECK(eventually([&] { return rows(*middle).size() >= 12; }));
    CHECK(rows(*middle).size() == 12);
    CHECK(rows(*middle).back() == "11");
}

TEST_CASE("an entry that a handler with a store publishes leaves with what it did") {
    const Home home;
    const auto realm = fresh_realm();
    auto options = home.options(realm, "node", {"once.heard", "once.entry"});
    options.events.push_back({*mesh::Pattern::parse("once.entry"), mesh::Level::once, true});
    TestNode node(options);
    node->on("once.heard",
             [&](const mesh::Event& event, mesh::Emitter&, mesh::Store& store) {
                 add_row(store, event);
                 CHECK(node->publish("once.entry", mesh::Payload::text("x")));
                 if (mesh::text_of(event.payload) == "1")
                     throw std::runtime_error("nothing of it");
             })
        .named("keep")
        .emits({});
    node->on("once.entry",
             [](const mesh::Event& event, mesh::Emitter&, mesh::Store& store) {
                 CHECK_FALSE(event.cause);
                 add_row(store, event);
             })
        .named("enter")
        .emits({});
    REQUIRE(node.start());
    publish(node, "once.heard", 0, 3);
    CHECK(eventually([&] { return rows(node).size() >= 4; }));
    auto all = rows(node);
    std::ranges::sort(all);
    CHECK(all == std::vector<std::string>{"0", "2", "x", "x"});
}

TEST_CASE("a node without a place on disk cannot have a handler that takes the store") {
    TestNode node(fresh_realm(), "node");
    node->on("a", [](const mesh::Event&, mesh::Emitter&, mesh::Store&) {}).named("keep").emits({});
    CHECK_THROWS_AS(node->start(), std::runtime_error);
}
