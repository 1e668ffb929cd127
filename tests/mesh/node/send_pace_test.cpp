#include "mesh/node/publishing/send_pace.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <cstdint>

using mesh::SendPace;
using std::chrono::microseconds;

namespace {

constexpr mesh::WallTime start{std::chrono::hours(400'000)};

/// Publishes so many events with a gap between them; how many of them were sent at once.
std::uint64_t sent_at_once(SendPace& pace, mesh::WallTime& now, microseconds gap,
                           std::uint64_t count) {
    std::uint64_t sent = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        now += gap;
        if (pace.may_send(now)) {
            pace.sent(now);
            ++sent;
        }
    }
    return sent;
}

} // namespace

TEST_CASE("events that come one by one are sent at once") {
    SendPace pace;
    auto now = start;
    for (const auto gap : {10'000'000, 1'000, 100, 10, 5})
        CHECK(sent_at_once(pace, now, microseconds(gap), 1'000) == 1'000);
}

TEST_CASE("of a burst many go together, the more the closer they are") {
    SendPace pace;
    auto now = start;
    sent_at_once(pace, now, microseconds(1), 1'000); // it takes some to see that it is a burst
    const auto dense = sent_at_once(pace, now, microseconds(1), 6'000);
    CHECK(dense > 60);
    CHECK(dense < 150);
    sent_at_once(pace, now, microseconds(3), 1'000);
    const auto sparse = sent_at_once(pace, now, microseconds(3), 6'000);
    CHECK(sparse > 600);
    CHECK(sparse < 1'500);
    CHECK(sent_at_once(pace, now, microseconds(0), 100'000) <= 1);
}

TEST_CASE("what was left of a burst is due a moment later") {
    SendPace pace;
    auto now = start;
    sent_at_once(pace, now, microseconds(0), 10'000);
    pace.sent(now);
    CHECK_FALSE(pace.is_due(now));
    CHECK_FALSE(pace.is_due(now + microseconds(350)));
    CHECK(pace.is_due(now + microseconds(400)));
}

TEST_CASE("what fills a batch waits for no more") {
    SendPace pace;
    auto now = start;
    sent_at_once(pace, now, microseconds(0), 10'000);
    pace.sent(now);
    for (int i = 0; i < 100; ++i)
        REQUIRE_FALSE(pace.may_send(now, 1'024));
    for (int i = 0; i < 28; ++i)
        pace.may_send(now, 1'024);
    CHECK(pace.is_due(now));
    pace.sent(now);
    CHECK_FALSE(pace.is_due(now));
}

TEST_CASE("a link is busy for a moment after an event") {
    SendPace pace;
    CHECK_FALSE(pace.is_busy(start));
    pace.may_send(start);
    CHECK(pace.is_busy(start + microseconds(299)));
    CHECK_FALSE(pace.is_busy(start + microseconds(300)));
    pace.stop();
    CHECK_FALSE(pace.is_busy(start + microseconds(1)));
}

TEST_CASE("after a burst single events are sent at once again") {
    SendPace pace;
    auto now = start;
    sent_at_once(pace, now, microseconds(0), 10'000);
    CHECK(sent_at_once(pace, now, microseconds(1'000), 10) == 10);
}

TEST_CASE("a clock that is set back makes nothing wait") {
    SendPace pace;
    auto now = start;
    sent_at_once(pace, now, microseconds(0), 10'000);
    pace.sent(now);
    now -= std::chrono::hours(1);
    CHECK(pace.is_due(now));
    CHECK(pace.may_send(now));
}

TEST_CASE("to wait for credit, or to be busy with sending, is no gap between events") {
    SendPace pace;
    auto now = start;
    sent_at_once(pace, now, microseconds(0), 10'000);
    for (int i = 0; i < 100; ++i) {
        now += microseconds(50);
        i % 2 == 0 ? pace.stop() : pace.has_worked(now);
        pace.sent(now);
        CHECK_FALSE(pace.may_send(now));
    }
}

TEST_CASE("events of the same microsecond count together as they do one by one") {
    for (const std::uint64_t count : {1U, 5U, 40U, 1'000U}) {
        CAPTURE(count);
        SendPace one_by_one;
        auto now = start;
        sent_at_once(one_by_one, now, microseconds(3), 100);
        auto together = one_by_one;
        for (std::uint64_t i = 0; i < count; ++i)
            one_by_one.may_send(now, 100);
        together.came_together(count, count * 100);
        for (int i = 0; i < 50; ++i) {
            now += microseconds(3 + i % 4);
            CHECK(one_by_one.may_send(now, 100) == together.may_send(now, 100));
        }
    }
}
