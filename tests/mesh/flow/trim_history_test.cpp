#include "mesh/flow/streams/trim_history.hpp"
#include "tests/support/catch.hpp"

#include <cstdint>
#include <vector>

using mesh::TrimHistory;

namespace {

std::uint64_t count_of(const TrimHistory::Counts& counts, std::uint16_t topic) {
    for (const auto& [number, count] : counts)
        if (number == topic)
            return count;
    return 0;
}

} // namespace

TEST_CASE("within a stretch of one topic every position is counted exactly") {
    TrimHistory history;
    history.note(1, 100, 1'000, {{7, 100}});
    history.note(101, 150, 2'000, {{7, 50}});
    for (std::uint64_t position = 0; position < 150; ++position) {
        const auto since = history.since_position(position);
        CHECK(since.position == position);
        CHECK(count_of(since.counts, 7) == 150 - position);
    }
    CHECK(history.since_position(150).counts.empty());
}

TEST_CASE("within a stretch of several topics a position moves back to its beginning") {
    TrimHistory history;
    history.note(1, 100, 1'000, {{1, 60}, {2, 40}});
    history.note(101, 110, 2'000, {{1, 10}});
    const auto since = history.since_position(30);
    CHECK(since.position == 0);
    CHECK(since.counts == TrimHistory::Counts{{1, 70}, {2, 40}});
    CHECK(history.since_position(100).position == 100);
    CHECK(history.since_position(105).counts == TrimHistory::Counts{{1, 5}});
}

TEST_CASE("a time leads to the first stretch that reaches it") {
    TrimHistory history;
    history.note(1, 100, 1'000, {{1, 100}});
    history.note(101, 200, 2'000, {{2, 100}});
    CHECK(history.since_time(0).position == 0);
    CHECK(history.since_time(1'000).position == 0);
    CHECK(history.since_time(1'001).position == 100);
    CHECK(history.since_time(1'001).counts == TrimHistory::Counts{{2, 100}});
    CHECK(history.since_time(2'001).position == 200);
    CHECK(history.since_time(2'001).counts.empty());
}

TEST_CASE("however much is gone the sums stay exact, and only the places grow coarse") {
    TrimHistory history;
    constexpr std::uint64_t stretches = 100'000;
    for (std::uint64_t i = 0; i < stretches; ++i)
        history.note(10 * i + 1, 10 * i + 10, i, {{1, 4}, {2, 6}});
    std::uint64_t last_position = 0;
    for (const std::uint64_t asked : {0UL, 1UL, 5'000UL, 500'000UL, 990'000UL, 999'995UL}) {
        const auto since = history.since_position(asked);
        CHECK(since.position <= asked);
        CHECK(since.position >= last_position);
        const auto left = stretches - since.position / 10;
        CHECK(since.counts == TrimHistory::Counts{{1, 4 * left}, {2, 6 * left}});
        last_position = since.position;
    }
    // The newest stretches are kept as they were.
    CHECK(history.since_position(999'995).position == 999'990);
}

TEST_CASE("a topic that lost its number is not counted under the next one's name") {
    TrimHistory history;
    history.note(1, 10, 1, {{1, 4}, {2, 6}});
    history.forget(1);
    CHECK(history.since_position(0).counts == TrimHistory::Counts{{2, 6}});
}
