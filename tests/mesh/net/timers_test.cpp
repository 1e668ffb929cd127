#include "mesh/net/timers.hpp"
#include "tests/support/catch.hpp"

#include <string>

using mesh::TimePoint;
using mesh::Timers;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint start{100h};

} // namespace

TEST_CASE("timers run when they are due, in order, and once") {
    Timers timers;
    std::string ran;
    timers.add(start + 2s, 0s, [&] { ran += "b"; });
    timers.add(start + 1s, 0s, [&] { ran += "a"; });
    timers.add(start + 2s, 0s, [&] { ran += "c"; }); // later at the same time
    CHECK(timers.next() == start + 1s);
    CHECK(timers.run(start + 999ms) == 0s);
    CHECK(ran.empty());
    CHECK(timers.run(start + 3s) == 2s); // the latest was that late
    CHECK(ran == "abc");
    CHECK_FALSE(timers.next());
    timers.run(start + 9s);
    CHECK(ran == "abc");
}

TEST_CASE("a repeated timer keeps its beat, and does not make up for what it missed") {
    Timers timers;
    int count = 0;
    timers.add(start, 100ms, [&] { ++count; });
    timers.run(start + 10ms);
    CHECK(timers.next() == start + 100ms);
    timers.run(start + 1s);
    CHECK(count == 2);
    CHECK(*timers.next() > start + 1s);
    timers.run(start + 1s);
    CHECK(count == 2);
}

TEST_CASE("a cancelled timer does not run, also when a callback cancels it or itself") {
    Timers timers;
    int count = 0;
    const auto other = timers.add(start + 1s, 1s, [&] { ++count; });
    timers.add(start, 0s, [&] { timers.cancel(other); });
    mesh::TimerId self = 0;
    self = timers.add(start, 1s, [&] {
        ++count;
        timers.cancel(self);
    });
    timers.run(start + 1s);
    CHECK(count == 1);
    CHECK_FALSE(timers.next());
    timers.cancel(self);
    timers.cancel(12'345);
}

TEST_CASE("what a callback adds has its turn in the next run") {
    Timers timers;
    int count = 0;
    std::function<void()> again = [&] {
        ++count;
        timers.add(start, 0s, again);
    };
    timers.add(start, 0s, again);
    timers.run(start);
    CHECK(count == 1);
    timers.run(start);
    CHECK(count == 2);
}
