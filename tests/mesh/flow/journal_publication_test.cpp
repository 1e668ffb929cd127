#include "tests/mesh/flow/durable_world.hpp"
#include "tests/support/catch.hpp"

#include <cstdint>
#include <string>
#include <vector>

using namespace mesh;
using namespace std::chrono_literals;
using flow_test::large;
using flow_test::link_number;
using flow_test::request;
using flow_test::World;

namespace {

std::vector<std::uint64_t> from_to(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> all;
    for (auto i = first; i <= last; ++i)
        all.push_back(i);
    return all;
}

} // namespace

TEST_CASE("a subscription that was away gets everything from where it stood, from the disk") {
    World world;
    world.attach(request("s", "a"), 1s);
    world.publish();
    world.deliver();
    CHECK(world.arrived == from_to(1, 1));
    world.acknowledge();
    world.publication.detach(link_number, TimePoint{});
    for (int i = 0; i < 20; ++i)
        world.publish(0, large);
    world.attach(request("s", "a"));
    world.progress = {1, {}};
    world.deliver();
    CHECK(world.arrived == from_to(2, 21));
    CHECK(world.archive.reads > 0);
    CHECK_FALSE(world.publication.is_dry(link_number));
    world.acknowledge();
    CHECK(world.publication.is_dry(link_number));
    world.publish();
    world.deliver();
    CHECK(world.arrived == from_to(22, 22));
}

TEST_CASE("a publisher that comes back goes on where its subscriptions were") {
    World world;
    world.attach(request("s", "a"), 1s);
    for (int i = 0; i < 5; ++i)
        world.publish();
    world.deliver();
    world.progress = {3, {3, 3 * 17}};
    world.acknowledge();
    const auto known = world.publication.take_changed();
    REQUIRE(known.size() == 1);
    CHECK(known[0].position == 3);
    world.publish();
    world.restart(known);

    SECTION("one that died as well has the unacknowledged ones again") {
        world.progress = {3, {}};
        world.attach(request("s", "a"), 1s, 2);
        world.deliver();
        CHECK(world.arrived == from_to(4, 6));
    }
    SECTION("one that lives has only those that it never had") {
        auto again = request("s", "a");
        again.start.resume = world.progress = {5, {5, 5 * 17}};
        world.attach(again, 1s, 2);
        world.deliver();
        CHECK(world.arrived == from_to(6, 6));
    }
    SECTION("one whose earlier run handled more than it acknowledged has only the rest") {
        auto again = request("s", "a");
        again.start.handled = 5;
        world.progress = {5, {}};
        world.attach(again, 1s, 2);
        world.deliver();
        CHECK(world.arrived == from_to(6, 6));
    }
    SECTION("one that acknowledged more than it has kept has only what it did not acknowledge") {
        auto again = request("s", "a");
        again.start.handled = 2;
        world.progress = {3, {}};
        world.attach(again, 1s, 2);
        world.deliver();
        CHECK(world.arrived == from_to(4, 6));
    }
    SECTION("one that it forgot goes on behind what it has handled") {
        auto again = request("forgotten", "a");
        again.start.handled = 4;
        world.progress = {4, {}};
        world.attach(again, 1s, 2);
        world.deliver();
        CHECK(world.arrived == from_to(5, 6));
    }
    SECTION("one that it does not know has what is published from now on") {
        world.attach(request("new", "a"), 1s, 2);
        world.publish();
        world.deliver();
        CHECK(world.arrived == from_to(7, 7));
    }
}

TEST_CASE("who is away is owed what it wants of this run, and not behind") {
    World world;
    world.attach(request("s", "a"), 1s);
    world.publish();
    CHECK(world.publication.behind() == std::vector<std::string>{"s"});
    world.publication.detach(link_number, TimePoint{});
    CHECK(world.publication.behind().empty());
    CHECK(world.publication.owed() == std::vector<std::string>{"s"});
    world.attach(request("s", "a"), 1s, 2);
    world.deliver();
    REQUIRE(world.publication.acknowledge(link_number, 0, world.progress, {}));
    world.publication.detach(link_number, TimePoint{});
    world.publish(1); // of a topic that it does not want
    CHECK(world.publication.owed().empty());
}

TEST_CASE("who waits for the disk holds nobody up, and waits for nobody") {
    World world;
    world.attach(request("s", "a", {1, 1000}), 1s);
    world.publish();
    CHECK(world.publication.waits_for("a", 10) != nullptr);
    world.publication.detach(link_number, TimePoint{});
    for (int i = 0; i < 20; ++i)
        world.publish(0, large);
    world.attach(request("s", "a", {1, 1000}));
    CHECK(world.publication.waits_for("a", 10) == nullptr);
    world.deliver();
    CHECK(world.arrived == from_to(1, 1));
    for (std::uint64_t i = 2; i <= 21; ++i) {
        world.acknowledge({1, 1000});
        world.deliver();
        CHECK(world.arrived == from_to(i, i));
    }
    world.acknowledge({1, 1000});
    CHECK(world.publication.is_dry(link_number));
}

TEST_CASE("whoever goes on in the same run has no more credit than it granted") {
    World world;
    world.attach(request("s", "a", {3, 1'000}), 1s);
    for (int i = 0; i < 6; ++i)
        world.publish();
    world.deliver();
    CHECK(world.arrived == from_to(1, 3));
    auto again = request("s", "a", {3, 1'000});
    again.start.resume = world.progress; // it has them, and has processed none
    world.attach(again, 1h, 2);
    world.deliver();
    CHECK(world.arrived.empty());
}

TEST_CASE("a disk that cannot be read delays, and loses nothing") {
    World world;
    world.attach(request("s", "a"), 1s);
    world.publication.detach(link_number, TimePoint{});
    for (int i = 0; i < 20; ++i)
        world.publish(0, large);
    world.attach(request("s", "a"));
    world.archive.is_unreadable = true;
    world.deliver();
    CHECK(world.arrived.empty());
    world.archive.is_unreadable = false;
    world.deliver();
    CHECK(world.arrived == from_to(1, 20));
}

TEST_CASE("a search for few wanted events among many makes room for others") {
    World world;
    world.attach(request("s", "b"), 1s);
    world.publication.detach(link_number, TimePoint{});
    for (int i = 0; i < 100; ++i)
        world.publish(0, large);
    world.publish(1, large);
    world.attach(request("s", "b"));
    int turns = 0;
    for (; world.arrived.empty() && turns < 100; ++turns)
        world.deliver();
    CHECK(world.arrived == from_to(101, 101));
    CHECK(turns > 1);
}

TEST_CASE("what every lasting subscription has processed is not needed any more") {
    World world;
    world.attach(request("s", "a"), 1s);
    CHECK(world.publication.has_new());
    const auto changed = world.publication.take_changed();
    CHECK(changed.size() == 1);
    world.publication.note_stored(changed, false);
    CHECK(world.publication.has_new());
    CHECK(world.publication.take_changed() == changed);
    world.publication.note_stored(changed, true);
    CHECK_FALSE(world.publication.has_new());
    for (int i = 0; i < 5; ++i)
        world.publish();
    CHECK(world.publication.first_needed(flow_test::wall, 1h) == 1);
    world.deliver();
    world.acknowledge();
    CHECK(world.publication.first_needed(flow_test::wall, 1h) ==
          1); // a run that dies now begins there
    const auto moved = world.publication.take_changed();
    CHECK(moved.at(0).position == 5);
    world.publication.note_stored(moved, true);
    CHECK(world.publication.first_needed(flow_test::wall, 1h) == 6);
    world.publication.detach(link_number, TimePoint{});
    CHECK(world.publication.retire(TimePoint{25h}, 24h) == std::vector<std::string>{"s"});
}

TEST_CASE("who knows more than a journal ever had is told where it has to go on") {
    World world;
    const auto asks = [&](std::uint64_t handled, Duration age = 1s) {
        auto made = request("s", "a");
        made.start.handled = handled;
        return world.publication.foreign({made}, age);
    };
    using Foreign = std::vector<std::pair<SubscriptionIndex, std::uint64_t>>;
    for (int i = 0; i < 10; ++i)
        world.publish();
    world.restart({}); // with 10 events; the journal that was put away had 20
    CHECK(asks(10).empty());
    CHECK(asks(11) == Foreign{{0, 10}});
    for (int i = 0; i < 15; ++i)
        world.publish(); // the same numbers once more
    CHECK(asks(20) == Foreign{{0, 10}});
    CHECK(asks(20, 25h).empty()); // this run may have told it, and forgotten that

    auto agreed = request("s", "a");
    agreed.start.handled = 10;
    world.attach(agreed, 1s);
    world.deliver();
    CHECK(world.arrived == from_to(11, 25));
    CHECK(asks(25).empty());
    CHECK(asks(26) == Foreign{{0, 10}});
    world.progress.position = 12;
    world.progress.volume = {2, 34};
    world.acknowledge();
    CHECK(asks(26) == Foreign{{0, 12}}); // what it acknowledged does not come again

    auto resuming = request("s", "a");
    resuming.start.resume = Progress{30, {}};
    CHECK(world.publication.foreign({resuming}, 1s) == Foreign{{0, 12}});
    auto member = request("s/2", "a");
    member.group = "order/create";
    member.standings = {{subscription_index(3, 1, 2), Progress{11, {}}}};
    member.index = 3;
    CHECK(world.publication.foreign({member}, 1s) == Foreign{{3, 10}});
    auto tool = request("tool", "a");
    tool.start.is_lasting = false;
    tool.start.resume = Progress{30, {}};
    CHECK(world.publication.foreign({tool}, 1s) == Foreign{{0, 10}});
    CHECK(world.publication.foreign({tool}, 1min).empty());
}

TEST_CASE("a subscription that comes and goes is not remembered, so a later run begins it anew") {
    World world;
    auto tool = request("tool", "a");
    tool.start.is_lasting = false;
    world.attach(tool, 1s);
    world.publish();
    world.deliver();
    const auto known = world.publication.take_changed();
    CHECK(known.empty());
    world.restart(known);
    world.progress = {1, {}};
    world.attach(tool, 1s, 2);
    world.publish();
    world.deliver();
    CHECK(world.arrived == from_to(2, 2));
}
