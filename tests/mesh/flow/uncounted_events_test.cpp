#include "mesh/flow/streams/publication.hpp"
#include "mesh/flow/streams/uncounted_events.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace mesh;
using namespace std::chrono_literals;

namespace {

constexpr WallTime wall{400'000h};

SubscriptionRequest request(std::string key, SubscriptionIndex index, std::string_view pattern,
                            Volume window, Policy policy = Policy::block) {
    SubscriptionRequest made;
    made.key = std::move(key);
    made.index = index;
    made.patterns = {*Pattern::parse(pattern)};
    made.policy = policy;
    made.window = window;
    return made;
}

bool publish(Publication& to, std::string_view topic, Level level = Level::reliable) {
    const Draft draft{topic, {}, {}, {}, std::nullopt, {}, level};
    if (level != Level::fast && to.waits_for(topic, 0) != nullptr)
        return false;
    return to.append(draft, wall).has_value();
}

} // namespace

TEST_CASE("events wait to be counted while there is room, and are summed by topic") {
    UncountedEvents events;
    CHECK_FALSE(events.has_room(3, 1, false)); // it has not begun
    events.begin(3, {3, 100}, false);
    events.begin(1, {10, 1'000}, false);
    CHECK_FALSE(events.has_room(3, 1, true)); // of another level
    CHECK_FALSE(events.has_room(3, 101, false));
    events.add(1, 11, 20);
    events.add(3, 12, 30);
    events.add(1, 13, 40);
    // Whoever wants both has had three.
    CHECK_FALSE(events.has_room(1, 1, false));
    std::vector<std::pair<std::uint16_t, Volume>> all;
    events.each([&](const UncountedEvents::Topic& topic) {
        all.emplace_back(topic.number, topic.volume);
        CHECK(topic.first_sequence == (topic.number == 1 ? 11 : 12));
    });
    CHECK(all == std::vector<std::pair<std::uint16_t, Volume>>{{1, {2, 60}}, {3, {1, 30}}});
    events.settle();
    events.each([](const UncountedEvents::Topic&) { FAIL(); });
    CHECK_FALSE(events.has_room(1, 1, false));
    events.clear();
    CHECK_FALSE(events.has_begun(1));
    events.begin(1, {1, 100}, true);
    CHECK(events.has_room(1, 1, true));
}

TEST_CASE("a topic that begins later has no more room than what waits leaves it") {
    UncountedEvents events;
    events.begin(1, {100, 10'000}, false);
    for (std::uint64_t i = 1; i <= 4; ++i)
        events.add(1, i, 10);
    events.begin(2, {5, 10'000}, false);
    REQUIRE(events.has_room(2, 10, false));
    events.add(2, 5, 10);
    CHECK_FALSE(events.has_room(2, 10, false));
    CHECK_FALSE(events.has_room(1, 10, false));
}

TEST_CASE("credit is kept to the event, however many topics and subscriptions share it") {
    for (const std::uint64_t credit : {1U, 2U, 7U}) {
        Publication made(NodeId{}, 1, 1'024 * 1'024);
        made.attach(5, 1, {request("both", 0, "a.*", {credit, 1'000'000})}, wall, Duration{});
        made.attach(6, 2,
                    {request("one", 0, "a.x", {1'000, 1'000'000}),
                     request("none", 1, "b", {1'000, 1'000'000}, Policy::drop_newest)},
                    wall, Duration{});
        std::uint64_t published = 0;
        while (published < 100 && publish(made, published % 2 == 0 ? "a.x" : "a.y"))
            ++published;
        CHECK(published == credit);
        CHECK(publish(made, "b"));
        CHECK_FALSE(publish(made, "a.x"));
        CHECK(publish(made, "a.x", Level::fast));
    }
}

TEST_CASE("what waits to be counted is sent, told and acknowledged like all else") {
    Publication made(NodeId{}, 1, 1'024 * 1'024);
    made.attach(5, 1,
                {request("all", 0, ">", {1'000, 1'000'000}),
                 request("some", 1, "b", {1'000, 1'000'000}, Policy::latest)},
                wall, Duration{});
    for (int i = 0; i < 10; ++i)
        REQUIRE(publish(made, i % 5 == 4 ? "b" : "a"));
    CHECK_FALSE(made.is_dry(5));
    CHECK(made.behind().size() == 2);
    CHECK(made.delivery_counts().at("all").waiting == 10);
    CHECK(made.delivery_counts().at("some").waiting == 2);
    std::uint64_t sent = 0;
    while (const auto* plan = made.plan(5)) {
        for (const auto& position : plan->header.positions)
            sent += position.events;
        made.sent(5);
    }
    CHECK(sent == 12);
}
