#include "mesh/flow/streams/publication.hpp"
#include "tests/mesh/flow/durable_world.hpp"
#include "tests/support/catch.hpp"

#include <vector>

using namespace mesh;
using namespace std::chrono_literals;
using flow_test::link_number;

namespace {

SubscriptionRequest asked(std::string key, Volume window) {
    SubscriptionRequest made;
    made.key = std::move(key);
    made.patterns.push_back(*Pattern::parse("a"));
    made.window = window;
    return made;
}

} // namespace

TEST_CASE("who has not acknowledged everything is told with the number of events, gone or not") {
    Publication made(NodeId{}, 1, 1024 * 1024);
    made.attach(link_number, 1, {asked("slow", {2, 1'000'000}), asked("quick", {9, 1'000'000})},
                WallTime{}, 0s);
    CHECK(made.unacknowledged().empty());
    const auto publish = [&] {
        REQUIRE(made.append({"a", {}, {}, {}, std::nullopt, {}}, WallTime{}));
    };
    for (int i = 0; i < 5; ++i)
        publish();
    while (made.plan(link_number) != nullptr)
        made.sent(link_number);
    made.acknowledge(link_number, 0, {1, {1, 0}}, {2, 1'000'000});
    auto all = made.unacknowledged();
    REQUIRE(all.size() == 2);
    CHECK(all[0].subscription == "quick");
    CHECK_FALSE(all[0].is_away);
    CHECK(*all[0].events + *all[1].events == 9);

    // It dies: what is published before it is given up counts as well.
    made.detach(link_number, TimePoint{} + 1s);
    publish();
    all = made.unacknowledged();
    REQUIRE(all.size() == 2);
    CHECK(all[0].is_away);
    CHECK(*all[0].events + *all[1].events == 11);
}

TEST_CASE("what a journal still owes is told of subscriptions that are there, away or unmet") {
    flow_test::World world;
    world.attach(flow_test::request("s", "a"), 1s);
    for (int i = 0; i < 3; ++i)
        world.publish();
    world.deliver();
    world.progress = {1, {1, 17}};
    world.acknowledge();
    auto all = world.publication.unacknowledged();
    REQUIRE(all.size() == 1);
    CHECK(all[0].events == 2);
    CHECK(all[0].is_owed);
    CHECK_FALSE(all[0].is_away);

    // In the next run only what that run publishes is known of.
    const auto known = world.publication.take_changed();
    world.restart(known);
    world.publish();
    all = world.publication.unacknowledged();
    REQUIRE(all.size() == 1);
    CHECK(all[0].events == 1);
    CHECK(all[0].is_owed);
    CHECK(all[0].is_away);
}
