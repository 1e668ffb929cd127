#include "mesh/flow/receiving/lane_schedule.hpp"
#include "tests/mesh/flow/naive_lane.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace mesh;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint start{100h};
constexpr Retry three_times{3, 100ms, 1s};

/// A schedule whose events have names.
struct Lane {
    explicit Lane(LaneOptions options) : schedule(options) {}

    void add(std::string name, std::string_view key = {}, std::int32_t priority = 0) {
        const auto slot = schedule.add(key, priority);
        if (names.size() <= slot)
            names.resize(slot + std::size_t{1});
        names[slot] = std::move(name);
    }

    /// The name of what is to begin; empty: nothing.
    std::string take(TimePoint now = start) {
        const auto taken = schedule.take(now);
        return taken ? names[taken->slot] : std::string();
    }

    Slot slot(std::string_view name) const {
        return static_cast<Slot>(std::ranges::find(names, name) - names.begin());
    }

    void done(std::string_view name) {
        const auto at = slot(name);
        names[at].clear();
        schedule.done(at);
    }

    bool fail(std::string_view name, TimePoint now = start, double fraction = 0) {
        return schedule.failed(slot(name), now, fraction).has_value();
    }

    LaneSchedule schedule;
    std::vector<std::string> names;
};

std::vector<std::string> take_all(Lane& lane, TimePoint now = start) {
    std::vector<std::string> all;
    for (auto name = lane.take(now); !name.empty(); name = lane.take(now))
        all.push_back(name);
    return all;
}

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("a lane takes what waits in its order") {
    const auto order = [](LaneOrder wanted) {
        Lane lane({1, wanted});
        lane.add("low", {}, -5);
        lane.add("high", {}, 7);
        lane.add("usual");
        lane.add("also high", {}, 7);
        return take_all(lane);
    };
    CHECK(order(LaneOrder::fifo) == Names{"low", "high", "usual", "also high"});
    CHECK(order(LaneOrder::by_key) == Names{"low", "high", "usual", "also high"});
    CHECK(order(LaneOrder::lifo) == Names{"also high", "usual", "high", "low"});
    CHECK(order(LaneOrder::priority) == Names{"high", "also high", "usual", "low"});
}

TEST_CASE("by key, the events of a key run one after the other, and other keys beside them") {
    Lane lane({8, LaneOrder::by_key});
    lane.add("a1", "a");
    lane.add("a2", "a");
    lane.add("b1", "b");
    lane.add("free");
    lane.add("a3", "a");
    CHECK(take_all(lane) == Names{"a1", "b1", "free"});
    lane.done("b1");
    CHECK(lane.take().empty());
    lane.done("a1");
    CHECK(take_all(lane) == Names{"a2"});
    lane.done("a2");
    CHECK(take_all(lane) == Names{"a3"});
}

TEST_CASE("an event that failed holds back its key until it is dealt with, and nothing else") {
    const auto order = GENERATE(LaneOrder::fifo, LaneOrder::by_key);
    Lane lane({1, order, three_times});
    lane.add("a1", "a");
    lane.add("a2", "a");
    lane.add("b1", "b");
    lane.add("free");
    REQUIRE(lane.take() == "a1");
    REQUIRE(lane.fail("a1"));
    CHECK(lane.schedule.next_due() == start + 100ms);
    CHECK(take_all(lane) == Names{"b1", "free"});

    CHECK(take_all(lane, start + 100ms) == Names{"a1"});
    CHECK(lane.fail("a1", start + 100ms));
    CHECK(take_all(lane, start + 199ms).empty());
    CHECK(take_all(lane, start + 200ms) == Names{"a1"});
    CHECK_FALSE(lane.fail("a1", start + 200ms)); // that was the third
    CHECK(take_all(lane, start + 200ms) == Names{"a2"});
}

TEST_CASE("an event without a key that failed holds back nothing at all") {
    Lane lane({1, LaneOrder::fifo, three_times});
    lane.add("first");
    lane.add("second");
    REQUIRE(lane.take() == "first");
    REQUIRE(lane.fail("first"));
    CHECK(take_all(lane) == Names{"second"});
    CHECK(take_all(lane, start + 1s) == Names{"first"});
}

TEST_CASE("with one attempt an event is done when it fails") {
    Lane lane({1, LaneOrder::fifo});
    lane.add("one", "a");
    lane.add("two", "a");
    REQUIRE(lane.take() == "one");
    CHECK_FALSE(lane.fail("one"));
    CHECK(take_all(lane) == Names{"two"});
    CHECK(lane.schedule.running_count() == 1);
    CHECK(lane.schedule.waiting_count() == 0);
}

TEST_CASE("what was put back is taken again with the same attempt, before what came later") {
    Lane lane({1, LaneOrder::fifo, three_times});
    for (const auto* name : {"a", "b", "c"})
        lane.add(name, "k");
    const auto first = lane.schedule.take(start);
    const auto second = lane.schedule.take(start);
    REQUIRE(second);
    lane.schedule.put_back(second->slot);
    const auto again = lane.schedule.take(start);
    REQUIRE(again);
    CHECK(again->slot == second->slot);
    CHECK(again->attempt == 1);
    CHECK(first->slot != again->slot);
}

TEST_CASE("the wait before an attempt lies between its least and a ceiling that doubles") {
    const Retry retry{10, 100ms, 1s};
    CHECK(retry_delay(retry, 1, 0) == 100ms);
    CHECK(retry_delay(retry, 1, 0.5) == 150ms);
    CHECK(retry_delay(retry, 2, 0.5) == 250ms);
    CHECK(retry_delay(retry, 3, 0.5) == 450ms);
    CHECK(retry_delay(retry, 4, 0.5) == 550ms); // the ceiling is backoff_max from here on
    CHECK(retry_delay(retry, 4'000'000'000, 0.5) == 550ms);
    CHECK(retry_delay({10, 1s, {}}, 5, 0.9) == 1s);
    CHECK(retry_delay({10, {}, {}}, 5, 0.9) == 0s);
    CHECK(retry_delay({10, {}, 5s}, 5, 0.9) == 0s);
}

TEST_CASE("a lane does what a plain reading of its rules says, whatever happens") {
    const auto order =
        GENERATE(LaneOrder::fifo, LaneOrder::lifo, LaneOrder::priority, LaneOrder::by_key);
    const auto seed = GENERATE(range(1, 301));
    CAPTURE(static_cast<int>(order), seed);
    tests::Random random(static_cast<std::uint64_t>(seed));
    const LaneOptions options{.workers = 1 + static_cast<std::uint32_t>(random() % 4),
                              .order = order,
                              .retry = {1 + static_cast<std::uint32_t>(random() % 4), 10ms, 40ms}};
    LaneSchedule schedule(options);
    tests::NaiveLane naive(options);
    std::vector<int> names; // by slot
    std::vector<Slot> running;
    auto now = start;
    int next_name = 0;
    const std::size_t key_count = 1 + random() % 4;

    for (int step = 0; step < 400; ++step) {
        const auto choice = random() % 20;
        if (choice < 8) {
            const auto number = random() % (key_count + 1);
            const auto key = number == 0 ? std::string() : std::string(1, char('a' + number));
            const auto priority = static_cast<std::int32_t>(random() % 3);
            const auto slot = schedule.add(key, priority);
            if (names.size() <= slot)
                names.resize(slot + std::size_t{1});
            names[slot] = next_name;
            naive.add(next_name++, key, priority);
        } else if (choice < 13 && running.size() < options.workers) {
            const auto taken = schedule.take(now);
            const auto expected = naive.take(now);
            REQUIRE(taken.has_value() == expected.has_value());
            if (taken) {
                REQUIRE(names[taken->slot] == expected->first);
                REQUIRE(taken->attempt == expected->second);
                running.push_back(taken->slot);
            }
            REQUIRE(schedule.next_due() == naive.next_due());
        } else if (choice < 18 && !running.empty()) {
            const auto at = static_cast<std::ptrdiff_t>(random() % running.size());
            const auto slot = running[static_cast<std::size_t>(at)];
            running.erase(running.begin() + at);
            switch (random() % 6) {
            case 0:
                schedule.put_back(slot);
                naive.put_back(names[slot]);
                break;
            case 1:
                schedule.postpone(slot, now + 5ms);
                naive.postpone(names[slot], now + 5ms);
                break;
            case 2:
            case 3:
                naive.failed(names[slot],
                             schedule.failed(slot, now, static_cast<double>(random() % 10) / 10));
                break;
            default:
                schedule.done(slot);
                naive.done(names[slot]);
            }
        } else if (choice == 18) {
            now += std::chrono::milliseconds(random() % 30);
        } else if (random() % 20 == 0) {
            std::vector<int> dropped;
            for (const auto slot : schedule.clear())
                dropped.push_back(names[slot]);
            std::ranges::sort(dropped);
            REQUIRE(dropped == naive.clear());
        }
        REQUIRE(schedule.waiting_count() == naive.waiting_count());
        REQUIRE(schedule.running_count() == running.size());
    }
}
