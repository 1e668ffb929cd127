#include "discovery/membership.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"

#include <cstring>

using namespace discovery;
using namespace std::chrono_literals;
using mesh::TimePoint;
using Verdict = Membership::Verdict;

namespace {

constexpr std::uint64_t realm = 5;
constexpr TimePoint start{100h};

mesh::NodeId node(std::uint32_t number) {
    mesh::NodeId id;
    std::memcpy(id.bytes.data(), &number, sizeof number);
    return id;
}

Beacon beacon(std::uint32_t from, std::uint32_t incarnation, std::uint64_t number) {
    Beacon made;
    made.id = node(from);
    made.incarnation = incarnation;
    made.number = number;
    made.realm = realm;
    made.control_port = 1;
    return made;
}

} // namespace

TEST_CASE("the first beacon of a run is a newcomer's, the next ones are known") {
    Membership membership(node(0), realm);
    CHECK(membership.hear(beacon(1, 1, 1), start) == Verdict::newcomer);
    CHECK(membership.hear(beacon(1, 1, 2), start) == Verdict::known);
    CHECK(membership.hear(beacon(1, 1, 9), start) == Verdict::known);
    CHECK(membership.hear(beacon(2, 7, 500), start) == Verdict::newcomer);
    CHECK(membership.hear(beacon(1, 2, 1), start) == Verdict::newcomer); // it started again
    CHECK(membership.size() == 2);
}

TEST_CASE("repeated beacons and those of an earlier run are old") {
    Membership membership(node(0), realm);
    membership.hear(beacon(1, 2, 5), start);
    CHECK(membership.hear(beacon(1, 2, 5), start) == Verdict::old);
    CHECK(membership.hear(beacon(1, 2, 4), start) == Verdict::old);
    CHECK(membership.hear(beacon(1, 1, 99), start) == Verdict::old);
}

TEST_CASE("another realm's beacons and one's own are foreign and leave no trace") {
    Membership membership(node(0), realm);
    auto other = beacon(1, 1, 1);
    other.realm = realm + 1;
    CHECK(membership.hear(other, start) == Verdict::foreign);
    CHECK(membership.hear(beacon(0, 1, 1), start) == Verdict::foreign);
    CHECK(membership.size() == 0);
}

TEST_CASE("a run that left does not come back, the next one does") {
    Membership membership(node(0), realm);
    membership.hear(beacon(1, 1, 1), start);
    auto leaving = beacon(1, 1, 2);
    leaving.is_leaving = true;
    CHECK(membership.hear(leaving, start) == Verdict::leaving);
    CHECK(membership.hear(beacon(1, 1, 3), start) == Verdict::old);
    CHECK(membership.hear(beacon(1, 1, 4), start + 70s) == Verdict::old);
    CHECK(membership.hear(beacon(1, 2, 1), start + 70s) == Verdict::newcomer);
    CHECK(membership.hear(beacon(1, 2, 2), start + 70s) == Verdict::known);
}

TEST_CASE("whoever was silent for over a minute is a newcomer again") {
    Membership membership(node(0), realm);
    membership.hear(beacon(1, 1, 1), start);
    CHECK(membership.hear(beacon(1, 1, 2), start + 60s) == Verdict::known);
    CHECK(membership.hear(beacon(1, 1, 3), start + 120s + 1ns) == Verdict::newcomer);
}

TEST_CASE("a flood of forged ids stays bounded, and the real ones are heard on") {
    Membership membership(node(0), realm);
    auto now = start;
    for (std::uint32_t i = 1; i <= 20'000; ++i, now += 1ms) {
        REQUIRE(membership.hear(beacon(1'000 + i, 1, 1), now) == Verdict::newcomer);
        if (i % 100 == 0)
            REQUIRE(membership.hear(beacon(1, 1, i), now) != Verdict::old);
    }
    CHECK(membership.size() <= 4'096);
    CHECK(membership.hear(beacon(1, 1, 30'000), now) == Verdict::known);
}
