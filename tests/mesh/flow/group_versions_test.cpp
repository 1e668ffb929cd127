#include "tests/mesh/flow/group_world.hpp"
#include "tests/support/catch.hpp"

#include <cstdint>
#include <set>

using namespace flow_test::groups;

TEST_CASE("of members that listen to different patterns the youngest ones get what is new") {
    World world;
    world.join(1);
    world.publish_keys(10);
    const auto before = world.send(1);
    CHECK(before.sequences.size() == 10);
    auto newer = member("2", ">");
    newer.member_since = wall;
    world.publication.attach(2, 2, {newer}, wall, 1s);
    world.publish_keys(10);
    CHECK(world.send(1).sequences.empty());
    CHECK(world.send(2).sequences.empty()); // the fence: the other one still has some in hand
    for (const auto& [index, place] : before.places)
        world.publication.acknowledge(1, index, place, {1'000, 1'000'000});
    CHECK(world.send(2).sequences.size() == 10);
    CHECK(world.publication.subscriber_count("a") == 1);
    CHECK(world.publication.subscriber_count("b") == 1);

    SECTION("when they are gone, the others have it again") {
        world.publication.dismiss(2, start);
        CHECK(world.send(1).sequences.size() == 10); // nobody acknowledged
        CHECK(world.publication.subscriber_count("b") == 0);
    }
    SECTION("an older one that comes back changes nothing") {
        world.publication.detach(1, start);
        world.join(1);
        world.publish_keys(10);
        CHECK(world.send(1).sequences.empty());
        CHECK(world.send(2).sequences.size() == 10);
    }
}

TEST_CASE("replicas that all die and come back with other patterns miss nothing") {
    World world;
    world.join(1);
    world.join(2);
    for (const LinkNumber link : {1U, 2U}) {
        world.send(link);
        world.publication.detach(link, start);
    }
    world.publish_keys(10); // nobody is there
    auto one = member("1", ">");
    auto other = member("2", ">");
    one.member_since = other.member_since = wall;
    world.publication.attach(3, 3, {one}, wall, 1s);
    world.publication.attach(4, 4, {other}, wall, 1s);
    std::set<std::uint64_t> all;
    for (const LinkNumber link : {3U, 4U})
        for (const auto sequence : world.send(link).sequences)
            all.insert(sequence);
    CHECK(all.size() == 10);
    world.publication.retire(start + 24h + 1s, 24h);
    CHECK(world.publication.groups().all().size() == 1);
}
