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

TEST_CASE("events that the archive let go are an exact gap") {
    World world;
    world.attach(request("s", "a"), 1s);
    world.publish();
    world.deliver();
    world.acknowledge();
    world.publication.detach(link_number, TimePoint{});
    for (int i = 0; i < 30; ++i)
        world.publish(i % 3 == 0 ? 1 : 0, large);         // 20 of `a`
    world.publication.forget(world.archive.drop(16), 16); // 10 of `a` among 2 to 16
    world.attach(request("s", "a"));
    world.progress = {16, {}};
    world.deliver();
    CHECK(world.lost == 10);
    CHECK(world.arrived.size() == 10);
    CHECK(world.arrived.front() == 18);
    world.acknowledge();
    CHECK(world.publication.is_dry(link_number));
}

TEST_CASE("what memory still holds is not lost, whatever the archive let go meanwhile") {
    World world;
    world.attach(request("s", "a"), 1s);
    world.publication.detach(link_number, TimePoint{});
    for (int i = 0; i < 3; ++i)
        world.publish();
    world.publication.forget(world.archive.drop(2), 2);
    world.attach(request("s", "a"));
    world.deliver();
    CHECK(world.lost == 0);
    CHECK(world.arrived == from_to(1, 3));
}

TEST_CASE("a gap that grows before it is told counts each event once") {
    World world;
    world.attach(request("s", "a"), 1s);
    world.publication.detach(link_number, TimePoint{});
    for (int i = 0; i < 30; ++i)
        world.publish(0, large);
    world.publication.forget(world.archive.drop(10), 10);
    world.attach(request("s", "a"));
    world.publication.forget(world.archive.drop(20), 20); // 1 to 20, some of which it knows of
    world.deliver();
    CHECK(world.lost == 20);
    CHECK(world.arrived == from_to(21, 30));
}

TEST_CASE("what went while the publisher was dead is told as a gap that is not too small") {
    World world;
    world.attach(request("s", "a"), 1s);
    for (int i = 0; i < 10; ++i)
        world.publish();
    world.archive.drop(6);
    world.restart({{"s", {*Pattern::parse("a")}, 2}});
    world.attach(request("s", "a"), 1s, 2);
    world.deliver();
    CHECK(world.lost == 4);
    CHECK(world.arrived == from_to(7, 10));
}

TEST_CASE("a gap is told again when the batch that told it was lost") {
    World world;
    world.attach(request("s", "a"), 1s);
    world.publication.detach(link_number, TimePoint{});
    for (int i = 0; i < 10; ++i)
        world.publish(0, large);
    world.publication.forget(world.archive.drop(4), 4);
    world.attach(request("s", "a"));
    world.deliver();
    CHECK(world.lost == 4);
    world.publication.rewind(link_number, 0, {4, {4, 0}});
    world.progress = {4, {4, 0}};
    world.deliver();
    CHECK(world.lost == 0);
    CHECK(world.arrived == from_to(5, 10));
    world.attach(request("s", "a"), 1h, 2); // nothing was acknowledged
    world.deliver();
    CHECK(world.lost == 4);
    CHECK(world.arrived == from_to(5, 10));
}

TEST_CASE("what was sent, left the archive, and has to be sent again is a gap") {
    World world;
    world.attach(request("s", "a"), 1s);
    for (int i = 0; i < 12; ++i)
        world.publish(0, large);
    world.deliver();
    CHECK(world.arrived == from_to(1, 12));
    for (int i = 0; i < 12; ++i)
        world.publish(1, large); // memory holds none of the first ones any more
    world.publication.forget(world.archive.drop(5), 5);
    world.attach(request("s", "a"), 1h, 2);
    world.deliver();
    CHECK(world.lost == 5);
    CHECK(world.arrived == from_to(6, 12));
}

TEST_CASE("damaged events are a gap for whoever may have wanted them") {
    World world;
    world.attach(request("s", "a"), 1s);
    world.publication.detach(link_number, TimePoint{});
    for (int i = 0; i < 20; ++i)
        world.publish(0, large);
    world.archive.damaged = {3, 4, 20};
    world.attach(request("s", "a"));
    world.deliver();
    CHECK(world.lost == 2); // the last one is still in memory
    CHECK(world.arrived.size() == 18);
    world.acknowledge();
    CHECK(world.publication.is_dry(link_number));
}

TEST_CASE("when one of the known is damaged, whoever is unknown gets everything that there is") {
    World world;
    for (int i = 0; i < 10; ++i)
        world.publish();
    world.restart({});
    world.publication.restore_damaged();
    world.attach(request("s", "a"), 1h, 2);
    world.deliver();
    CHECK(world.lost == 0);
    CHECK(world.arrived == from_to(1, 10));
}
