#include "nodes/process/backoff.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

TEST_CASE("waits double from 100 ms to 10 s") {
    nodes::Backoff backoff;
    const mesh::TimePoint start{};
    std::vector<mesh::Duration> waits;
    for (int i = 0; i < 9; ++i)
        waits.push_back(backoff.after_life(start, start + 1s, 0));
    CHECK(waits == std::vector<mesh::Duration>{100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 6400ms,
                                               10s, 10s});
}

TEST_CASE("chance takes at most half of a wait") {
    nodes::Backoff backoff;
    const mesh::TimePoint start{};
    CHECK(backoff.after_life(start, start, 0.5) == 75ms);
    const auto second = backoff.after_life(start, start, 0.999);
    CHECK(second > 100ms);
    CHECK(second < 101ms);
}

TEST_CASE("a life of 10 s is forgiven, a shorter one is not") {
    nodes::Backoff backoff;
    const mesh::TimePoint start{};
    backoff.after_life(start, start, 0);
    CHECK(backoff.after_life(start, start + 10s - 1ns, 0) == 200ms);
    CHECK(backoff.after_life(start, start + 10s, 0) == 100ms);
    CHECK(backoff.after_life(start, start, 0) == 200ms);
}
