#include "mesh/flow/streams/journal_publication.hpp"
#include "tests/mesh/flow/fake_archive.hpp"
#include "tests/mesh/flow/group_world.hpp"
#include "tests/support/catch.hpp"

#include <set>
#include <string>
#include <vector>

using namespace flow_test::groups;

TEST_CASE("one member alone has one subscription with the name of its handler") {
    World world;
    world.join(1);
    world.publish_keys(10);
    const auto sent = world.send(1);
    CHECK(sent.sequences.size() == 10);
    REQUIRE(sent.places.size() == 1);
    CHECK(sent.places.begin()->first == 0);
    CHECK(world.publication.subscriber_count("a") == 1);
    CHECK_FALSE(world.group().is_unsettled());
}

TEST_CASE("a second member gets its slots once the first is done with what it was sent of them") {
    World world;
    world.join(1);
    world.publish_keys(100);
    const auto first = world.send(1);
    CHECK(first.sequences.size() == 100);
    world.join(2);
    world.publish_keys(100);
    CHECK(world.send(2).sequences.empty());
    CHECK(world.send(1).sequences.empty());

    world.acknowledge(1, first);
    const auto moved = world.send(2);
    const auto second = world.send(1);
    CHECK(second.sequences.size() > 20);
    CHECK(second.sequences.size() < 80);
    CHECK(moved.sequences.size() + second.sequences.size() == 100);
    std::set<std::uint64_t> all(second.sequences.begin(), second.sequences.end());
    all.insert(moved.sequences.begin(), moved.sequences.end());
    CHECK(all.size() == 100);
    CHECK(*all.begin() == 101);
    CHECK(world.publication.subscriber_count("a") == 2);
}

TEST_CASE("a link without a part is told that it works, with a batch for nobody") {
    World world;
    world.join(1);
    world.publish_keys(10);
    world.send(1);
    world.join(2);
    const auto* plan = world.publication.plan(2);
    REQUIRE(plan != nullptr);
    CHECK(plan->header.positions.empty());
    world.publication.sent(2);
    CHECK(world.publication.plan(2) == nullptr);
}

TEST_CASE("what a member that is gone was owed goes to the others after its lease") {
    World world;
    world.join(1);
    world.join(2);
    world.publish_keys(100);
    const auto dead = world.send(1).sequences;
    const auto other = world.send(2);
    CHECK(dead.size() + other.sequences.size() == 100);
    world.acknowledge(2, other);
    world.publication.detach(1, start);
    world.publication.retire(start + 3s, 24h);
    CHECK(world.send(2).sequences.empty());
    world.publication.retire(start + 3s + 1ms, 24h);
    CHECK(world.send(2).sequences == dead);
}

TEST_CASE("a member that comes back in time goes on where it stood") {
    World world;
    world.join(1);
    world.join(2);
    world.publish_keys(100);
    const auto sent = world.send(1);
    world.publication.detach(1, start);
    world.publication.retire(start + 1s, 24h);
    auto again = member("1");
    for (const auto& [index, place] : sent.places)
        again.standings.emplace_back(index, place);
    world.publication.attach(3, 3, {again}, wall, 1s);
    CHECK(world.send(3).sequences.empty());
    CHECK(world.send(2).sequences.size() + sent.sequences.size() == 100);
}

TEST_CASE("a member that says that it leaves hands over at once, and nothing comes twice") {
    World world;
    world.join(1);
    world.join(2);
    world.publish_keys(100);
    const auto first = world.send(1);
    const auto second = world.send(2);
    world.acknowledge(1, first, {}); // nothing more, please
    world.publication.dismiss(1, start);
    world.publish_keys(50);
    world.acknowledge(2, second);
    const auto rest = world.send(2).sequences;
    REQUIRE(rest.size() == 50);
    CHECK(*std::min_element(rest.begin(), rest.end()) == 101);
}

TEST_CASE("parts that are done with what they were sent become one again") {
    World world;
    world.join(1);
    world.join(2);
    world.publish_keys(100);
    world.acknowledge(1, world.send(1));
    world.acknowledge(2, world.send(2));
    CHECK(world.group().parts().size() == 2);
    world.publication.dismiss(1, start);
    for (int i = 0; i < 5 && world.group().is_unsettled(); ++i) {
        world.publish_keys(10);
        world.acknowledge(2, world.send(2));
    }
    REQUIRE(world.group().parts().size() == 1);
    CHECK(world.group().parts().front().subscription->slots.is_all());
}

TEST_CASE("events without a key wait for a slow member only when nobody has room") {
    World world;
    world.join(1, {4, 1'000});
    world.join(2, {100, 100'000});
    int accepted = 0;
    while (accepted < 1'000 && world.publish())
        ++accepted;
    CHECK(accepted == 104);
    CHECK(world.send(1).sequences.size() == 4);
    CHECK(world.send(2).sequences.size() == 100);
    // One of a key waits for the member that has it.
    CHECK(world.publication.slow_ones("a", 0, "key").size() == 1);
}

TEST_CASE("with nobody there the parts wait, and hold nobody up") {
    World world;
    world.join(1, {10, 10'000});
    world.join(2, {10, 10'000});
    world.publication.detach(1, start);
    world.publication.detach(2, start);
    world.publish_keys(100);
    world.join(3);
    world.publication.retire(start + 4s, 24h);
    CHECK(world.send(3).sequences.size() == 100);
}

TEST_CASE("a journal knows the parts of a group after a restart, and waits for their members") {
    flow_test::FakeArchive archive;
    std::map<std::string, RememberedSubscription> stored;
    const auto store = [&](JournalPublication& publication) {
        const auto rows = publication.take_changed();
        for (const auto& row : rows)
            stored[row.key] = row;
        for (const auto& key : publication.take_removed())
            stored.erase(key);
        publication.note_stored(rows, true);
    };
    std::uint64_t time_us = 1'000;
    const auto publish = [&](JournalPublication& publication, int count) {
        for (int i = 0; i < count; ++i)
            publication.append(archive.store(0, time_us += 10, 10, "key " + std::to_string(i)));
    };
    const auto send = [](JournalPublication& publication, LinkNumber link) {
        std::uint64_t events = 0;
        while (const auto* plan = publication.plan(link)) {
            for (const auto& position : plan->header.positions)
                events += position.events;
            publication.sent(link);
        }
        return events;
    };
    std::uint64_t sent_to_second = 0;
    {
        JournalPublication publication(NodeId{}, 0, 1024 * 1024, archive);
        publication.add_topic("a");
        publication.attach(1, 1, {member("1")}, wall, 1s);
        publication.attach(2, 2, {member("2")}, wall, 1s);
        publish(publication, 100);
        // A part is not served before it is stored whose it is.
        CHECK(publication.has_new());
        CHECK(send(publication, 1) + send(publication, 2) == 0);
        store(publication);
        REQUIRE(stored.size() == 2);
        CHECK((stored.begin()->second.slots ^ stored.rbegin()->second.slots) == all_slots);
        sent_to_second = send(publication, 2);
        CHECK(sent_to_second > 20);
        CHECK(send(publication, 1) + sent_to_second == 100);
        store(publication);
    }
    JournalPublication publication(NodeId{}, archive.last(), 1024 * 1024, archive);
    publication.add_topic("a");
    for (const auto& [key, row] : stored)
        publication.restore(row, start);
    publication.attach(1, 1, {member("1")}, wall, 1s);
    store(publication);
    CHECK(send(publication, 1) + sent_to_second == 100);
    publication.retire(start + 3s + 1ms, 24h);
    CHECK(send(publication, 1) == 0);
    store(publication);
    CHECK(send(publication, 1) == sent_to_second);
}
