// Nodes that a tool cuts off from each other, as a script's `partition` does.

#include "tests/support/ask.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/home.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <string>

using namespace std::chrono_literals;
using tests::ask;
using tests::eventually;
using tests::fresh_realm;
using tests::question;
using tests::TestNode;

namespace {

mesh::NodeOptions options(const std::string& realm, const std::string& service,
                          std::vector<std::string> publishes = {}) {
    auto made = TestNode::options(realm, service, std::move(publishes));
    made.allows_faults = true;
    return made;
}

std::string cut(TestNode& asker, TestNode& node, TestNode& from, mesh::Duration time) {
    auto asked = question(mesh::Question::Kind::cut);
    asked.nodes = {from->identity().id};
    asked.time_us = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(time).count());
    const auto answer = ask(asker, node, asked);
    REQUIRE(answer);
    return answer->error;
}

bool sees(TestNode& node, const std::string& service) {
    const auto peers = node->peers();
    return std::ranges::any_of(peers, [&](const mesh::Peer& peer) {
        return peer.service == service && peer.state == mesh::PeerState::active;
    });
}

} // namespace

TEST_CASE("what is published while two nodes are cut off arrives when the cut is over") {
    const auto realm = fresh_realm();
    std::atomic<int> arrived{0};
    TestNode publisher(options(realm, "publisher", {"a"}));
    TestNode subscriber(options(realm, "subscriber"));
    subscriber->on("a", [&](const mesh::Event&) { ++arrived; }).emits({});
    TestNode asker(realm, "asker");
    for (auto* node : {&publisher, &subscriber, &asker})
        REQUIRE(node->start());
    REQUIRE(publisher->wait_subscribers("a", 1, 20s));

    SECTION("shorter than anybody notices") {
        REQUIRE(cut(asker, publisher, subscriber, 1s).empty());
        REQUIRE(cut(asker, subscriber, publisher, 1s).empty());
        const auto healed_at = mesh::now() + 900ms; // both have begun it by now
        REQUIRE(publisher->publish("a", {}));
        CHECK_FALSE(eventually([&] { return arrived > 0; }, healed_at - mesh::now()));
        CHECK(eventually([&] { return arrived == 1; }));
    }
    SECTION("so long that each is gone for the other") {
        REQUIRE(cut(asker, publisher, subscriber, 6s).empty());
        REQUIRE(cut(asker, subscriber, publisher, 6s).empty());
        const auto healed_at = mesh::now() + 5900ms;
        REQUIRE(publisher->publish("a", {}));
        CHECK(eventually(
            [&] { return !sees(publisher, "subscriber") && !sees(subscriber, "publisher"); },
            healed_at - mesh::now()));
        CHECK(sees(asker, "publisher"));
        CHECK(sees(asker, "subscriber"));
        CHECK_FALSE(eventually([&] { return arrived > 0; }, healed_at - mesh::now()));
        CHECK(eventually([&] { return arrived == 1; }));
        CHECK(sees(publisher, "subscriber"));
        CHECK(sees(subscriber, "publisher"));
    }
}

TEST_CASE("who is started again while it is cut off meets the other side when that is over") {
    const auto realm = fresh_realm();
    const tests::Home home;
    auto lasting = home.options(realm, "other");
    lasting.allows_faults = true;
    TestNode knows(options(realm, "knows"));
    TestNode asker(realm, "asker");
    std::optional<TestNode> other(lasting);
    for (auto* node : {&knows, &asker, &*other})
        REQUIRE(node->start());
    REQUIRE(eventually([&] { return sees(knows, "other"); }));
    REQUIRE(cut(asker, knows, *other, 5s).empty());
    const auto healed_at = mesh::now() + 4900ms;
    other.emplace(lasting); // the new run knows of no cut
    REQUIRE(other->start());
    CHECK(eventually([&] { return !sees(knows, "other"); }, healed_at - mesh::now()));
    CHECK_FALSE(eventually([&] { return sees(knows, "other") || sees(*other, "knows"); },
                           healed_at - mesh::now()));
    CHECK(eventually([&] { return sees(knows, "other") && sees(*other, "knows"); }));
}

TEST_CASE("nobody cuts off a node that was not started for that") {
    const auto realm = fresh_realm();
    TestNode node(realm, "node");
    TestNode other(realm, "other");
    REQUIRE(node.start());
    REQUIRE(other.start());
    CHECK_THAT(cut(other, node, other, 10s), Catch::Contains("not started for faults"));
    CHECK(sees(node, "other"));
}
