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

using Sequences = std::vector<std::uint64_t>;

/// A tool that has not been there before, and asks for events from there on.
SubscriptionRequest newcomer(std::string_view pattern, StartFrom from) {
    auto made = request("tool", pattern);
    made.policy = Policy::drop_oldest;
    made.start.is_lasting = false;
    made.start.from = from;
    return made;
}

/// Events of `a` and `b` in turn, 1 to 40, most of them on disk only: memory holds the last few.
void fill(World& world) {
    for (int i = 0; i < 40; ++i)
        world.publish(i % 2 == 0 ? 0 : 1, large);
}

WallTime time_of(const World& world, std::uint64_t sequence) {
    return WallTime{std::chrono::microseconds(world.archive.at(sequence).time_us)};
}

} // namespace

TEST_CASE("a newcomer begins where it says, on disk as in memory") {
    World world;
    fill(world);
    SECTION("now") {
        world.attach(newcomer(">", StartFrom::now()));
        world.deliver_all();
        CHECK(world.arrived.empty());
    }
    SECTION("the oldest") {
        world.attach(newcomer("a", StartFrom::oldest()));
        world.deliver_all();
        CHECK(world.arrived.size() == 20);
        CHECK(world.arrived.front() == 1);
    }
    SECTION("a sequence") {
        world.attach(newcomer(">", StartFrom::sequence(38)));
        world.deliver_all();
        CHECK(world.arrived == Sequences{38, 39, 40});
    }
    SECTION("a sequence on disk") {
        world.attach(newcomer("b", StartFrom::sequence(7)));
        world.deliver_all();
        CHECK(world.arrived.size() == 17);
        CHECK(world.arrived.front() == 8);
    }
    SECTION("a sequence beyond the last") {
        world.attach(newcomer(">", StartFrom::sequence(1000)));
        world.deliver_all();
        CHECK(world.arrived.empty());
    }
    SECTION("a time on disk") {
        world.attach(newcomer(">", StartFrom::time(time_of(world, 5))));
        world.deliver_all();
        CHECK(world.arrived.size() == 36);
        CHECK(world.arrived.front() == 5);
    }
    SECTION("a time that is still to come") {
        world.attach(newcomer(">", StartFrom::time(time_of(world, 40) + 1h)));
        world.deliver_all();
        CHECK(world.arrived.empty());
    }
    CHECK(world.lost == 0);
    world.acknowledge();
    world.publish(0);
    world.publish(1);
    world.deliver_all();
    CHECK_FALSE(world.arrived.empty()); // and then what is new
    CHECK(world.arrived.back() >= 41);
}

TEST_CASE("a newcomer begins with the last events of each topic, wherever they lie") {
    World world;
    for (int i = 0; i < 5; ++i)
        world.publish(1, large); // 1 to 5: all that there is of `b`
    for (int i = 0; i < 30; ++i)
        world.publish(0, large);
    SECTION("of several topics") {
        world.attach(newcomer(">", StartFrom::last(3)));
        world.deliver_all();
        CHECK(world.arrived == Sequences{3, 4, 5, 33, 34, 35});
    }
    SECTION("of one") {
        world.attach(newcomer("b", StartFrom::last(2)));
        world.deliver_all();
        CHECK(world.arrived == Sequences{4, 5});
    }
    SECTION("more than there are") {
        world.attach(newcomer("b", StartFrom::last(100)));
        world.deliver_all();
        CHECK(world.arrived == Sequences{1, 2, 3, 4, 5});
    }
    SECTION("none") {
        world.attach(newcomer(">", StartFrom::last(0)));
        world.deliver_all();
        CHECK(world.arrived.empty());
    }
    CHECK(world.lost == 0);
    CHECK(world.publication.is_dry(link_number) == world.arrived.empty());
    world.acknowledge();
    CHECK(world.publication.is_dry(link_number));
    world.publish(1);
    world.deliver_all();
    CHECK(world.arrived == Sequences{36});
}

TEST_CASE("a newcomer begins with the last event of each topic and key") {
    World world;
    const auto publish = [&](std::uint16_t topic, std::string_view key) {
        world.publication.append(world.archive.store(topic, world.time_us += 10, large, key));
    };
    publish(0, "x");
    publish(0, "y");
    publish(1, "x");
    for (int i = 0; i < 20; ++i)
        publish(0, "z");
    publish(0, "x");
    world.attach(newcomer(">", StartFrom::last_per_key()));
    world.deliver_all();
    CHECK(world.arrived == Sequences{2, 3, 23, 24});
    CHECK(world.lost == 0);
}

TEST_CASE("choosing takes its time, in which others are served and new events wait") {
    World world;
    for (int i = 0; i < 400; ++i)
        world.publish(0, large);
    auto tool = newcomer("a", StartFrom::last(2));
    tool.index = 1;
    world.publication.attach(link_number, 1, {request("s", "b"), tool}, flow_test::wall, 1h);
    CHECK(world.archive.reads == 0);
    const auto* plan = world.publication.plan(link_number); // both are told that they are linked
    REQUIRE(plan != nullptr);
    world.publication.sent(link_number);
    CHECK(world.archive.reads < 20);
    world.publish(1);
    world.publish(0);
    Sequences told;
    int turns = 0;
    for (; turns < 1000; ++turns) {
        plan = world.publication.plan(link_number);
        if (plan == nullptr && !world.publication.has_more())
            break;
        if (plan == nullptr)
            continue;
        if (plan->header.positions.front().events > 0)
            told.push_back(plan->header.positions.front().subscription);
        world.publication.sent(link_number);
    }
    CHECK(turns > 10);
    CHECK(told == Sequences{0, 1, 1}); // 401 at once; then 399; then 400 and 402
}

TEST_CASE("a disk that cannot be read now is asked again") {
    World world;
    fill(world);
    world.archive.is_unreadable = true;
    const auto from = GENERATE(0, 1);
    world.attach(
        newcomer(">", from == 0 ? StartFrom::last(1) : StartFrom::time(time_of(world, 39))));
    world.deliver_all();
    CHECK(world.arrived.empty());
    world.archive.is_unreadable = false;
    world.deliver_all();
    CHECK(world.arrived == Sequences{39, 40});
}

TEST_CASE("what is asked for and trimmed is a gap") {
    World world;
    fill(world);
    world.publication.forget({}, 0);
    world.publication.forget(world.archive.drop(10), 10);
    world.attach(newcomer(">", StartFrom::sequence(4)));
    world.deliver_all();
    CHECK(world.lost == 7);
    CHECK(world.arrived.front() == 11);
}

TEST_CASE("damaged events count as lost to whoever might have asked for them, and to nobody else") {
    World world;
    fill(world);
    world.archive.damaged = {10, 11, 12};
    SECTION("chosen") {
        world.attach(newcomer(">", StartFrom::last(18)));
        world.deliver_all();
        CHECK(world.arrived.size() == 36); // the choice reaches beyond them, to 2
        CHECK(world.lost == 0);
    }
    SECTION("all") {
        world.attach(newcomer(">", StartFrom::oldest()));
        world.deliver_all();
        CHECK(world.arrived.size() == 37);
        CHECK(world.lost == 3);
    }
}

TEST_CASE("a link that breaks while its subscription chooses changes nothing") {
    World world;
    for (int i = 0; i < 400; ++i)
        world.publish(0, large);
    auto tool = newcomer("a", StartFrom::last(2));
    world.attach(tool);
    REQUIRE(world.publication.plan(link_number) != nullptr);
    world.publication.sent(link_number);
    world.publication.detach(link_number, TimePoint{});
    SECTION("it goes on where it was") {
        tool.start.resume = Progress{};
        world.attach(tool, 1h, 2);
    }
    SECTION("a new run begins anew") {
        world.attach(tool, 1h, 2);
    }
    world.deliver_all();
    CHECK(world.arrived == Sequences{399, 400});
}

TEST_CASE("a handler that lasts is owed what it begins with, also by a publisher that restarts") {
    World world;
    fill(world);
    auto handler = newcomer("a", StartFrom::last(2));
    handler.start.is_lasting = true;
    world.attach(handler);
    const auto known = world.publication.take_changed();
    REQUIRE(known.size() == 1);
    world.restart(known);
    world.attach(handler, 1h, 2);
    world.deliver_all();
    CHECK(world.arrived.size() == 20); // nobody knows any more how many it asked for
    CHECK(world.lost == 0);
}

TEST_CASE("who remembers too many last events gives up the oldest, and says how many") {
    flow_test::FakeArchive archive;
    LastEvents last(std::nullopt, 1010);
    for (int i = 0; i < 10; ++i)
        last.see(archive.store(0, 1'000'000, 10, "key " + std::to_string(i)));
    CHECK(last.given_up_count() == 4);
    CHECK(last.sequences() == Sequences{5, 6, 7, 8, 9, 10});
    last.see(archive.store(0, 1'000'000, 10, "key 9"));
    CHECK(last.sequences() == Sequences{5, 6, 7, 8, 9, 11});

    LastEvents of_topics(4, 500);
    for (int i = 0; i < 4; ++i)
        of_topics.see(archive.store(static_cast<std::uint16_t>(i % 2), 1'000'000, 10));
    CHECK(of_topics.sequences() == Sequences{13, 14, 15});
    CHECK(of_topics.given_up_count() == 1);
}
