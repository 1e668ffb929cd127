#include "tests/mesh/store/store_folder.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/test_realm.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using tests::eventually;
using tests::fresh_realm;
using tests::TestNode;

TEST_CASE("nodes of different realms never meet") {
    TestNode here(fresh_realm(), "a", {"x"});
    TestNode there(fresh_realm(), "b", {"x"});
    REQUIRE(here.start());
    REQUIRE(there.start());
    CHECK(here->peers().empty());
    CHECK(there->peers().empty());
}

TEST_CASE("what was published before anybody was there reaches a handler that comes soon") {
    const auto realm = fresh_realm();
    TestNode publisher(realm, "publisher", {"a"});
    publisher->start();
    for (int i = 0; i < 10; ++i)
        REQUIRE(publisher->publish("a", mesh::Payload::text(std::to_string(i))));
    std::atomic<int> arrived{0};
    TestNode subscriber(realm, "subscriber");
    subscriber->on("a", [&](const mesh::Event&) { ++arrived; }).emits({});
    REQUIRE(subscriber.start());
    CHECK(eventually([&] { return arrived == 10; }));
}

TEST_CASE("a node that stops says so, and its peers forget it at once") {
    const auto realm = fresh_realm();
    TestNode stays(realm, "stays", {"a"});
    REQUIRE(stays.start());
    {
        TestNode leaves(realm, "leaves");
        leaves->on("a", [](const mesh::Event&) {}).emits({});
        REQUIRE(leaves.start());
        REQUIRE(eventually([&] { return stays->subscriber_count("a") == 1; }));
    }
    // Far sooner than silence would be noticed.
    CHECK(eventually([&] { return stays->peers().empty(); }, 1s));
    CHECK(stays->subscriber_count("a") == 0);
}

TEST_CASE("stopping drains: what was published is handled before the publisher is gone") {
    const auto realm = fresh_realm();
    std::atomic<int> arrived{0};
    TestNode subscriber(realm, "subscriber");
    subscriber->on("a", [&](const mesh::Event&) { ++arrived; }).emits({});
    REQUIRE(subscriber.start());
    {
        TestNode publisher(realm, "publisher", {"a"});
        REQUIRE(publisher.start());
        REQUIRE(publisher->wait_subscribers("a", 1, 20s));
        for (int i = 0; i < 5000; ++i)
            REQUIRE(publisher->publish("a", {}));
    }
    CHECK(arrived == 5000);
}

TEST_CASE("a mesh of addresses needs no beacon, and one address leads to all") {
    const auto realm = fresh_realm();
    const auto start = [&](const std::string& service, std::vector<mesh::Endpoint> peers) {
        auto options = TestNode::options(realm, service, {"x"});
        options.peers = std::move(peers);
        auto node = std::make_unique<mesh::Node>(options); // no discovery at all
        node->on("x", [](const mesh::Event&) {}).emits({});
        node->start();
        return node;
    };
    const auto first = start("first", {});
    const mesh::Endpoint known{"127.0.0.1", first->identity().control_port};
    const auto second = start("second", {known});
    const auto third = start("third", {known});
    CHECK(eventually([&] {
        return first->peers().size() == 2 && second->peers().size() == 2 &&
               third->peers().size() == 2 && second->subscriber_count("x") == 3;
    }));
}

TEST_CASE("a node that is started again is the same instance with a higher incarnation") {
    const auto realm = fresh_realm();
    const tests::StoreFolder folder;
    auto options = TestNode::options(realm, "phoenix", {"a"});
    options.is_passing = false;
    options.state_folder = folder.path.string();
    TestNode watcher(realm, "watcher", {"b"});
    REQUIRE(watcher.start());
    mesh::NodeId first_id;
    for (std::uint32_t run = 1; run <= 3; ++run) {
        TestNode node(options);
        REQUIRE(node.start());
        if (run == 1)
            first_id = node->identity().id;
        CHECK(node->identity().id == first_id);
        CHECK(node->identity().incarnation == run);
        CHECK(eventually([&] {
            const auto peers = watcher->peers();
            return peers.size() == 1 && peers[0].incarnation == run &&
                   peers[0].state == mesh::PeerState::active;
        }));
    }
}

TEST_CASE("a node off loopback without --insecure does not start") {
    auto options = TestNode::options(fresh_realm(), "open");
    options.listen = mesh::Endpoint{"0.0.0.0", 0};
    CHECK_THROWS_AS(mesh::Node(options), std::invalid_argument);
}

TEST_CASE("handlers of one name, malformed patterns and a second start are mistakes") {
    TestNode node(fresh_realm(), "wrong");
    CHECK_THROWS_AS(node->on("a..b", [](const mesh::Event&) {}), std::invalid_argument);
    node->on("a", [](const mesh::Event&) {}).named("same").emits({});
    node->on("b", [](const mesh::Event&) {}).named("same").emits({});
    CHECK_THROWS_AS(node->start(), std::invalid_argument);
}

TEST_CASE("a node that stops works off what its own handlers still say to each other") {
    std::atomic<int> arrived{0};
    const auto started = mesh::now();
    {
        TestNode node(fresh_realm(), "inward", {"x", "y"});
        node->on("x",
                 [](const mesh::Event&, mesh::Emitter& emit) {
                     std::this_thread::sleep_for(2ms);
                     emit("y", {});
                 })
            .emits({"y"});
        node->on("y", [&](const mesh::Event&) { ++arrived; }).emits({});
        REQUIRE(node.start());
        for (int i = 0; i < 50; ++i)
            REQUIRE(node->publish("x", {}));
    }
    CHECK(arrived == 50);
    CHECK(mesh::now() - started < 5s); // and does not wait out its patience
}

TEST_CASE("a node that was stopped publishes nothing any more, and says so") {
    TestNode node(fresh_realm(), "over", {"x"});
    CHECK(node->publish("x", {}).error().code == mesh::ErrorCode::closed);
    CHECK_FALSE(node->wait_dry(0ms));
    REQUIRE(node.start());
    REQUIRE(node->publish("x", {}));
    node->stop();
    CHECK(node->publish("x", {}).error().code == mesh::ErrorCode::closed);
}

TEST_CASE("what a handler of one node publishes on another is said there, as a root") {
    std::atomic<int> roots{0};
    TestNode outer(fresh_realm(), "outer", {"out"});
    outer->on("out", [&](const mesh::Event& event) { roots += event.cause ? 100 : 1; }).emits({});
    TestNode inner(fresh_realm(), "inner", {"in"});
    std::atomic<bool> is_published{false};
    inner
        ->on("in",
             [&](const mesh::Event&) { is_published = (*outer).publish("out", {}).has_value(); })
        .emits({});
    REQUIRE(outer.start());
    REQUIRE(inner.start());
    REQUIRE(inner->publish("in", {}));
    CHECK(eventually([&] { return roots == 1; }));
    CHECK(is_published);
}

TEST_CASE("a node whose names cannot be parts of a path is not made") {
    const auto options = [](const std::string& service, const std::string& realm,
                            const std::string& instance) {
        mesh::NodeOptions made;
        made.service = service;
        made.realm = realm;
        made.instance = instance;
        made.uses_environment = false;
        return made;
    };
    CHECK_NOTHROW(mesh::Node(options("order", "shop", "eu-1")));
    for (const std::string name : {"a b", "a/b", "..", "a>", "*", "a\nb"}) {
        CAPTURE(name);
        CHECK_THROWS_AS(mesh::Node(options(name, "shop", "")), std::invalid_argument);
        CHECK_THROWS_AS(mesh::Node(options("order", name, "")), std::invalid_argument);
        CHECK_THROWS_AS(mesh::Node(options("order", "shop", name)), std::invalid_argument);
    }
}
