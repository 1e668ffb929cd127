#include "nodes/text/slow_notice.hpp"
#include "tests/support/catch.hpp"

#include <atomic>
#include <string>
#include <thread>

using nodes::SlowNotice;
using namespace std::chrono_literals;

TEST_CASE("work that takes long is said to go on, again and again") {
    std::atomic<int> lines = 0;
    std::string last;
    {
        const SlowNotice notice(
            "checking",
            [&](std::string_view line) {
                last = line;
                ++lines;
            },
            1ms);
        while (lines < 3)
            std::this_thread::yield();
    }
    CHECK(last == "dagmesh: checking, 0 s so far\n");
}

TEST_CASE("nothing is said of work that is done at once") {
    int lines = 0;
    {
        const SlowNotice notice(
            "checking", [&](std::string_view) { ++lines; }, 1h);
    }
    CHECK(lines == 0);
}
