#include "discovery/beacon_schedule.hpp"
#include "tests/support/catch.hpp"

#include <set>
#include <vector>

using discovery::BeaconSchedule;
using mesh::TimePoint;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint start{100h};

/// A schedule whose three quick beacons are out.
BeaconSchedule settled(std::uint32_t seed = 1) {
    BeaconSchedule schedule(start, seed);
    for (int i = 0; i < 3; ++i)
        schedule.sent(schedule.due());
    return schedule;
}

} // namespace

TEST_CASE("three quick beacons at the start, then one a second") {
    BeaconSchedule schedule(start, 1);
    std::vector<mesh::Duration> sent;
    for (int i = 0; i < 6; ++i) {
        sent.push_back(schedule.due() - start);
        schedule.sent(schedule.due());
    }
    CHECK(sent == std::vector<mesh::Duration>{0ms, 40ms, 80ms, 1080ms, 2080ms, 3080ms});
}

TEST_CASE("a newcomer brings the next beacon forward by a random delay that grows with the peers") {
    for (const auto& [peers, spread] : {std::pair<std::size_t, mesh::Duration>{0, 0ms},
                                        {1, 0ms},
                                        {20, 10ms},
                                        {100, 50ms},
                                        {10'000, 50ms}}) {
        std::set<mesh::Duration> delays;
        for (std::uint32_t seed = 1; seed <= 200; ++seed) {
            auto schedule = settled(seed * 2'654'435'761U);
            const auto now = start + 200ms;
            schedule.newcomer(now, peers);
            delays.insert(schedule.due() - now);
        }
        CAPTURE(peers);
        CHECK(*delays.begin() >= 0ms);
        CHECK(*delays.rbegin() <= spread);
        CHECK(*delays.rbegin() >= spread * 8 / 10);
        CHECK((delays.size() > 50 || spread == 0ms));
    }
}

TEST_CASE("a newcomer never puts a beacon off") {
    auto schedule = settled();
    const auto due = schedule.due();
    schedule.newcomer(due - 1us, 10'000);
    CHECK(schedule.due() <= due);
}

TEST_CASE("a crowd of newcomers, forged or not, brings at most five beacons a second forward") {
    auto schedule = settled();
    int sent = 0;
    for (auto now = start + 200ms; now < start + 20'200ms; now += 1ms) {
        schedule.newcomer(now, 40);
        if (now >= schedule.due()) {
            schedule.sent(now);
            ++sent;
        }
    }
    CHECK(sent > 20 * 4);
    CHECK(sent <= 20 * 6);
}
