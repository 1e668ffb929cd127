#include "mesh/flow/receiving/reception.hpp"
#include "tests/support/catch.hpp"

using namespace mesh;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint start{100h};

BatchHeader batch(std::uint64_t session, std::vector<BatchPosition> positions) {
    BatchHeader header;
    header.session = session;
    header.positions = std::move(positions);
    return header;
}

Reception opened(std::size_t count = 2) {
    Reception reception(count);
    reception.open(1, start);
    for (std::uint16_t i = 0; i < count; ++i)
        reception.grant(i, {10, 1'000});
    return reception;
}

} // namespace

TEST_CASE("the publisher decides where a subscription begins, and from there it goes on") {
    auto reception = opened();
    CHECK_FALSE(reception.standing(0));
    const auto first = reception.take(batch(1, {{0, 5, 9, 1, 2, 20}}));
    REQUIRE(first.size() == 1);
    CHECK(first[0].before == 5);
    CHECK(first[0].lost == 1);
    CHECK(first[0].after == Progress{9, {3, 20}});
    CHECK(reception.standing(0) == Progress{9, {3, 20}});
    CHECK_FALSE(reception.standing(1));
    CHECK(reception.take(batch(1, {{0, 9, 12, 0, 3, 30}, {1, 0, 12, 0, 0, 0}})).size() == 2);
    CHECK(reception.standing(0) == Progress{12, {6, 50}});
}

TEST_CASE("a batch of another session, or for a subscription that is none, is nobody's") {
    auto reception = opened();
    CHECK(reception.take(batch(2, {{0, 0, 1, 0, 1, 1}})).empty());
    CHECK_FALSE(reception.is_linked());
    CHECK(reception.take(batch(1, {{2, 0, 1, 0, 1, 1}, {65'535, 0, 1, 0, 1, 1}})).empty());
    CHECK(reception.is_linked());
    reception.open(3, start);
    CHECK_FALSE(reception.is_linked());
    CHECK(reception.take(batch(1, {{0, 0, 1, 0, 1, 1}})).empty());
}

TEST_CASE("a batch that does not fit is ignored, and a rewind is asked at most every 200 ms") {
    auto reception = opened();
    reception.take(batch(1, {{0, 0, 5, 0, 5, 50}}));
    CHECK(reception.take(batch(1, {{0, 7, 9, 0, 2, 20}})).empty());
    CHECK(reception.rewinds(start) == std::vector<SubscriptionIndex>{0});
    CHECK(reception.rewinds(start + 199ms).empty());
    CHECK(reception.next_due() <= start + 200ms);
    CHECK(reception.rewinds(start + 200ms) == std::vector<SubscriptionIndex>{0});
    CHECK(reception.take(batch(1, {{0, 5, 9, 0, 4, 40}})).size() == 1);
    CHECK(reception.rewinds(start + 1s).empty());
    // What came already is no reason to ask.
    CHECK(reception.take(batch(1, {{0, 5, 9, 0, 4, 40}})).empty());
    CHECK(reception.rewinds(start + 2s).empty());
}

TEST_CASE("a head that is heard of and not reached within a second means a broken link") {
    auto reception = opened();
    reception.take(batch(1, {{0, 0, 5, 0, 5, 50}}));
    CHECK_FALSE(reception.hear_head(0, 5, start));
    CHECK_FALSE(reception.hear_head(0, 8, start));
    CHECK_FALSE(reception.hear_head(0, 8, start + 999ms));
    CHECK(reception.hear_head(0, 8, start + 1s));
    reception.take(batch(1, {{0, 5, 8, 0, 3, 30}}));
    CHECK_FALSE(reception.hear_head(0, 9, start + 2s)); // heard of just now
    CHECK(reception.hear_head(0, 9, start + 3s));
    reception.open(2, start + 3s);
    CHECK_FALSE(reception.hear_head(0, 9, start + 4s)); // another session, another patience
    CHECK_FALSE(reception.hear_head(9, 9, start + 9s)); // nobody
}

TEST_CASE("a head of a seat's next subscription that never comes means a broken link, too") {
    auto reception = opened();
    const auto first = subscription_index(0, 1, 3);
    const auto next = subscription_index(0, 1, 4);
    reception.take(batch(1, {{first, 0, 5, 0, 5, 50}}));
    CHECK_FALSE(reception.hear_head(next, 9, start));
    CHECK_FALSE(reception.hear_head(next, 9, start + 999ms));
    CHECK(reception.hear_head(next, 9, start + 1s));
    reception.take(batch(1, {{next, 5, 9, 0, 4, 40}}));
    CHECK_FALSE(reception.hear_head(next, 9, start + 3s));
}

TEST_CASE("an acknowledgement is due at half the window, when dry, after 20 ms, or a second") {
    auto reception = opened(1);
    reception.take(batch(1, {{0, 0, 9, 0, 9, 90}}));
    CHECK_FALSE(reception.is_acknowledgement_due(start + 999ms));
    CHECK(reception.is_acknowledgement_due(start + 1s));

    reception.processed(0, {4, {4, 40}});
    CHECK_FALSE(reception.is_acknowledgement_due(start + 19ms));
    CHECK(reception.is_acknowledgement_due(start + 20ms));
    CHECK(reception.next_due() == start + 20ms);
    reception.processed(0, {5, {5, 50}});
    CHECK(reception.is_acknowledgement_due(start));
    const auto acknowledged = reception.acknowledge(start);
    REQUIRE(acknowledged.size() == 1);
    CHECK(acknowledged[0].second == Progress{5, {5, 50}});
    CHECK_FALSE(reception.is_acknowledgement_due(start + 20ms));

    reception.processed(0, {9, {9, 90}});
    CHECK_FALSE(reception.is_acknowledgement_due(start + 1ms));
    CHECK(reception.is_acknowledgement_due(start + 2ms));
    CHECK(reception.next_due() == start + 2ms);
}

TEST_CASE("half the bytes of a window are as good as half its events") {
    auto reception = opened(1);
    reception.take(batch(1, {{0, 0, 3, 0, 3, 800}}));
    reception.processed(0, {1, {1, 499}});
    CHECK_FALSE(reception.is_acknowledgement_due(start));
    reception.processed(0, {2, {2, 500}});
    CHECK(reception.is_acknowledgement_due(start));
}

TEST_CASE("progress does not go back") {
    auto reception = opened(1);
    reception.take(batch(1, {{0, 0, 9, 0, 9, 90}}));
    reception.processed(0, {5, {5, 50}});
    reception.processed(0, {3, {3, 30}});
    CHECK(reception.acknowledge(start).at(0).second.position == 5);
}
