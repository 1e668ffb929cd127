#include "mesh/flow/journal_publication.hpp"
#include "mesh/flow/publication.hpp"
#include "tests/mesh/flow/fake_archive.hpp"
#include "tests/support/catch.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

using namespace mesh;
using namespace std::chrono_literals;

namespace {

constexpr WallTime wall{400'000h};
constexpr TimePoint start{100h};

SubscriptionRequest member(const std::string& instance, std::string_view pattern = "a",
                           Volume window = {1'000, 1'000'000}) {
    SubscriptionRequest request;
    request.key = "order/create/" + instance;
    request.group = "order/create";
    request.patterns.push_back(*Pattern::parse(pattern));
    request.policy = Policy::block;
    request.window = window;
    return request;
}

/// A publisher and its links; link 1 is member 1's and so on.
struct World {
    Publication publication{NodeId{}, 1, 1024 * 1024};
    std::map<SubscriptionIndex, Progress> places; ///< by link and index, as the members know them

    void join(LinkNumber link, Volume window = {1'000, 1'000'000}) {
        publication.attach(link, link, {member(std::to_string(link), "a", window)}, wall, 1s);
    }

    bool publish(std::string_view key = {}) {
        if (publication.waits_for("a", 0, key) != nullptr)
            return false;
        return publication.append({"a", key, {}, {}, std::nullopt, {}}, wall).has_value();
    }

    void publish_keys(int count) {
        for (int i = 0; i < count; ++i)
            REQUIRE(publish("key " + std::to_string(i)));
    }

    struct Sent {
        std::vector<std::uint64_t> sequences;
        std::map<SubscriptionIndex, Progress> places;
    };

    /// What can go on a link, with where it takes its subscriptions.
    Sent send(LinkNumber link) {
        Sent sent;
        while (const auto* plan = publication.plan(link)) {
            std::vector<std::byte> bytes(plan->size_bytes());
            plan->write(bytes.data());
            const auto batch = decode_batch(bytes);
            REQUIRE(batch);
            RecordReader reader(batch->body, batch->header.base_sequence,
                                batch->header.base_time_us);
            for (auto record = reader.next(); record && *record; record = reader.next())
                sent.sequences.push_back(reader.sequence());
            for (const auto& position : batch->header.positions) {
                auto& place = progress_[{link, position.subscription}];
                place.position = position.after;
                place.volume = place.volume + Volume{position.events, position.bytes};
                sent.places[position.subscription] = place;
            }
            publication.sent(link);
        }
        return sent;
    }

    void acknowledge(LinkNumber link, const Sent& sent, Volume window = {1'000, 1'000'000}) {
        for (const auto& [index, place] : sent.places)
            publication.acknowledge(link, index, place, window);
    }

    const Group& group() const { return *publication.groups().all().at("order/create"); }

private:
    std::map<std::pair<LinkNumber, SubscriptionIndex>, Progress> progress_;
};

} // namespace

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
