#include "mesh/node/handling/handled_runs.hpp"
#include "tests/support/catch.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace mesh;
using namespace std::chrono_literals;

namespace {

constexpr WallTime wall{std::chrono::hours(400'000)};

Event event_of(const std::string& topic, WallTime time) {
    Event event;
    event.topic = topic;
    event.time = time;
    return event;
}

} // namespace

TEST_CASE("events that are counted alike are one run, and each is counted once") {
    const std::string a = "a";
    const std::string b = "b";
    HandledRuns runs;
    CHECK(runs.is_empty());
    std::vector<std::pair<std::string, std::size_t>> taken;
    const auto take = [&] {
        taken.clear();
        runs.take([&](const HandledRuns::Run& run, std::size_t count, WallTime) {
            taken.emplace_back(run.topic, count);
        });
        return taken;
    };
    using Taken = decltype(taken);
    for (int i = 0; i < 3; ++i)
        REQUIRE(runs.note(event_of(a, wall), wall));
    CHECK(take() == Taken{{"a", 3}});
    CHECK(take().empty());
    REQUIRE(runs.note(event_of(a, wall), wall));
    REQUIRE(runs.note(event_of(b, wall), wall));
    REQUIRE(runs.note(event_of(b, wall), wall + std::chrono::microseconds(1)));
    CHECK(take() == Taken{{"a", 1}, {"b", 1}, {"b", 1}});
    runs.clear();
    CHECK(runs.is_empty());
    CHECK(take().empty());
    REQUIRE(runs.note(event_of(b, wall), wall));
    CHECK(take() == Taken{{"b", 1}});
}

TEST_CASE("events of many topics in turn are a run for each topic, whenever they were published") {
    std::vector<std::string> topics;
    for (int i = 0; i < 100; ++i)
        topics.push_back("load." + std::to_string(i));
    HandledRuns runs;
    for (int turn = 0; turn < 50; ++turn)
        for (std::size_t i = 0; i < topics.size(); ++i) {
            const auto published = wall + std::chrono::microseconds(1000 * turn + i);
            REQUIRE(runs.note(event_of(topics[i], published), published + 5us));
        }
    std::size_t seen = 0;
    runs.take([&](const HandledRuns::Run& run, std::size_t count, WallTime last_done) {
        CHECK(run.topic == topics.at(seen));
        CHECK(count == 50);
        CHECK(run.latency_us == 5);
        CHECK(run.done == wall + std::chrono::microseconds(seen) + 5us);
        CHECK(last_done == run.done + 49ms);
        ++seen;
    });
    CHECK(seen == topics.size());
}

TEST_CASE("a full list of runs takes no more before it is cleared") {
    std::vector<std::string> topics(1'000, "a");
    HandledRuns runs;
    std::size_t noted = 0;
    while (runs.note(event_of(topics.at(noted), wall), wall))
        ++noted;
    CHECK(noted > 100);
    CHECK_FALSE(runs.note(event_of(topics.at(noted), wall), wall));
    CHECK(runs.note(event_of(topics.front(), wall), wall)); // one of those that it has
    std::size_t counted = 0;
    const auto take = [&] {
        counted = 0;
        runs.take([&](const HandledRuns::Run&, std::size_t count, WallTime) { counted += count; });
    };
    take();
    CHECK(counted == noted + 1);
    runs.clear();
    CHECK(runs.note(event_of(topics.back(), wall), wall));
    take();
    CHECK(counted == 1);
}

TEST_CASE("who looks while events are handled misses none and counts none twice") {
    const std::string topics[] = {"a", "b", "c"};
    constexpr std::size_t all = 200'000;
    HandledRuns runs;
    std::mutex mutex;
    std::size_t counted = 0;
    std::atomic<bool> is_over{false};
    const auto take = [&] {
        runs.take([&](const HandledRuns::Run&, std::size_t count, WallTime) { counted += count; });
    };
    std::thread looker([&] {
        while (!is_over) {
            const std::lock_guard lock(mutex);
            take();
        }
    });
    for (std::size_t i = 0; i < all; ++i) {
        const auto event = event_of(topics[i / 7 % 3], wall);
        while (!runs.note(event, wall + std::chrono::microseconds(i / 5))) {
            const std::lock_guard lock(mutex);
            take();
            runs.clear();
        }
    }
    is_over = true;
    looker.join();
    take();
    CHECK(counted == all);
}
