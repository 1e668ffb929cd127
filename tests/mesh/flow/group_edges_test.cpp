// Groups where something else comes in between: what is watched, and what peers get wrong.

#include "mesh/flow/streams/journal_publication.hpp"
#include "mesh/flow/streams/publication.hpp"
#include "tests/mesh/flow/fake_archive.hpp"
#include "tests/support/catch.hpp"

#include <map>
#include <string>
#include <vector>

using namespace mesh;
using namespace std::chrono_literals;
using flow_test::FakeArchive;

namespace {

constexpr WallTime wall{400'000h};

SubscriptionRequest request(const std::string& instance, SubscriptionIndex index = 0,
                            const std::string& group = "order/create") {
    SubscriptionRequest made;
    made.key = "order/create/" + instance;
    made.group = group;
    made.index = index;
    made.patterns.push_back(*Pattern::parse("a"));
    made.policy = Policy::block;
    made.window = {1'000, 1'000'000};
    return made;
}

/// Sends what can go on a link; how far that takes its subscriptions.
std::map<SubscriptionIndex, Progress> send(Publication& publication, LinkNumber link) {
    std::map<SubscriptionIndex, Progress> places;
    while (const auto* plan = publication.plan(link)) {
        for (const auto& position : plan->header.positions) {
            auto& place = places[position.subscription];
            place.position = position.after;
            place.volume = place.volume + Volume{position.events, position.bytes};
        }
        publication.sent(link);
    }
    return places;
}

} // namespace

TEST_CASE("an event that is finished while its part is split is no lost one") {
    Publication publication(NodeId{}, 1, 1024 * 1024);
    publication.attach(1, 1, {request("1")}, wall, 1s);
    REQUIRE(publication.append({"a", "key", {}, {}, std::nullopt, {}}, wall));
    publication.watch(1, "a");
    const auto places = send(publication, 1);
    publication.attach(2, 2, {request("2")}, wall, 1s);
    CHECK(publication.unfinished(1).open.size() == 1);
    for (const auto& [index, place] : places)
        publication.acknowledge(1, index, place, {1'000, 1'000'000});
    CHECK(publication.unfinished(1).open.empty());
    CHECK(publication.unfinished(1).lost.empty());
}

TEST_CASE("replicas that restart one after the other with other patterns share again") {
    Publication publication(NodeId{}, 1, 1024 * 1024);
    const auto member = [](const std::string& instance, std::vector<Pattern> patterns) {
        auto made = request(instance);
        made.patterns = std::move(patterns);
        return made;
    };
    const std::vector<Pattern> before{*Pattern::parse("a")};
    const std::vector<Pattern> after{*Pattern::parse("a"), *Pattern::parse("b")};
    publication.attach(1, 1, {member("1", before)}, wall, 1s);
    publication.attach(2, 2, {member("2", before)}, wall, 1s);
    publication.dismiss(1, TimePoint{100h});
    publication.attach(3, 3, {member("1", after)}, wall, 1s);
    publication.dismiss(2, TimePoint{100h});
    publication.attach(4, 4, {member("2", after)}, wall, 1s);
    for (int i = 0; i < 5; ++i)
        for (const LinkNumber link : {3U, 4U})
            for (const auto& [index, place] : send(publication, link))
                publication.acknowledge(link, index, place, {1'000, 1'000'000});
    std::uint64_t events = 0;
    for (int i = 0; i < 100; ++i)
        REQUIRE(publication.append({"a", std::to_string(i), {}, {}, std::nullopt, {}}, wall));
    for (const LinkNumber link : {3U, 4U})
        for (const auto& [index, place] : send(publication, link))
            events += place.volume.events;
    CHECK(events == 100);
}

TEST_CASE("a peer that asks for one subscription in several ways has the first of them") {
    const std::vector<SubscriptionRequest> asked{request("1", 0, ""), request("1", 1),
                                                 request("9", 2, "")};
    Publication publication(NodeId{}, 1, 1024 * 1024);
    publication.attach(1, 77, asked, wall, 1s);
    CHECK(publication.subscriber_count("a") == 2);
    const auto* plan = publication.plan(1);
    REQUIRE(plan != nullptr);
    CHECK(plan->header.session == 77);

    FakeArchive archive;
    JournalPublication lasting(NodeId{}, 0, 1024 * 1024, archive);
    lasting.attach(1, 77, asked, wall, 1s);
    CHECK(lasting.subscriber_count("a") == 2);
}

TEST_CASE("what could not be forgotten on disk is named again") {
    FakeArchive archive;
    JournalPublication lasting(NodeId{}, 0, 1024 * 1024, archive);
    CHECK(lasting.take_removed().empty());
    const std::vector<std::string> gone{"order/create#2"};
    lasting.note_not_removed(gone);
    CHECK(lasting.take_removed() == gone);
    CHECK(lasting.take_removed().empty());
}
