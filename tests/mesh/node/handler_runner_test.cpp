#include "mesh/node/handling/handler_runner.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/gate.hpp"
#include "tests/support/gathered.hpp"

#include <atomic>
#include <string>
#include <utility>
#include <vector>

using namespace mesh;
using namespace std::chrono_literals;
using tests::eventually;

namespace {

/// A runner with one publisher, whose events are numbered from 1.
struct Runner {
    Runner(LaneOptions lane, HandlerFunction function)
        : runner(
              [&] {
                  HandlerSpec spec;
                  spec.contract.name = "h";
                  spec.contract.on = {*Pattern::parse("a")};
                  spec.function = std::move(function);
                  spec.lane = lane;
                  return spec;
              }(),
              {},
              {{.emit = [](const Emitter::Said&, const Event*, CommonCause&) -> Result<Emitted> {
                    return Emitted::published;
                },
                .dead_letters =
                    [this](const DeadLetter& letter) { letters.add(letter.event->id.sequence); },
                .reply = {},
                .disk = [] { return nullptr; },
                .is_durable = [](const Emitter::Said&) { return false; },
                .has_key = {},
                .keep_key = {},
                .wait_for_room = [](const Emitter::Said&) -> Result<void> { return {}; }},
               [this] { ++progressed; }},
              this) {}

    /// Pushes the events `first` to `last` as one batch, after `lost` others that never come.
    void push(std::uint64_t first, std::uint64_t last, std::uint64_t lost = 0) {
        std::vector<std::byte> bytes;
        for (auto i = first; i <= last; ++i) {
            const auto key = "k" + std::to_string(i % 3);
            EventRecord record;
            record.key = key;
            const auto at = bytes.size();
            bytes.resize(at + encoded_size(record));
            encode(record, bytes.data() + at);
        }
        auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
        Batch batch;
        batch.header.base_sequence = first - 1;
        batch.header.topics = {{0, "a"}};
        batch.body = *owner;
        total.events += last + 1 - first + lost;
        total.bytes += batch.body.size();
        const auto received =
            std::make_shared<const ReceivedBatch>(ReceivedBatch{owner, std::move(batch)});
        runner.push(feed, received, {0, first - 1 - lost, lost, {last, total}});
    }

    bool reaches(std::uint64_t position) {
        return eventually([&] { return feed->progress().position == position; });
    }

    tests::Gathered<std::uint64_t> letters;
    std::atomic<int> progressed{0};
    Volume total;
    std::shared_ptr<Feed> feed = std::make_shared<Feed>(NodeId{}, 1, "publisher");
    HandlerRunner runner; ///< last, so that its threads end first
};

const auto any_lane = [] {
    return GENERATE(LaneOptions{}, LaneOptions{.workers = 4},
                    LaneOptions{.workers = 4, .order = LaneOrder::by_key},
                    LaneOptions{.retry = {2, 1ms, 1ms}});
};

} // namespace

TEST_CASE("in every kind of lane, what is held waits until it may go, and then counts whole") {
    std::atomic<int> handled{0};
    Runner one(any_lane(), [&](const Event&, Emitter&) { ++handled; });
    one.runner.hold();
    one.push(1, 100);
    one.push(101, 101);
    CHECK_FALSE(eventually([&] { return handled > 0; }, 20ms));
    CHECK_FALSE(one.runner.is_idle());
    one.runner.resume();
    CHECK(one.reaches(101));
    CHECK(eventually([&] { return one.runner.is_idle(); }));
    CHECK(handled == 101);
    CHECK(one.feed->progress().volume == one.total);
    CHECK(one.progressed > 0);
}

TEST_CASE("in every kind of lane, a rest drops what waits, and it comes again from there") {
    const auto lane = any_lane();
    tests::Gathered<std::uint64_t> handled;
    tests::Gate gate;
    Runner one(lane, [&](const Event& event, Emitter&) {
        if (event.id.sequence >= 50)
            gate.pass();
        handled.add(event.id.sequence);
    });
    one.push(1, 49);
    REQUIRE(one.reaches(49));
    const auto before = one.feed->progress();
    one.push(50, 100);
    one.runner.rest();
    one.push(101, 110); // dropped
    gate.open();
    REQUIRE(eventually([&] { return one.runner.is_idle(); }));
    const auto stood = one.feed->progress();
    CHECK(stood.position >= before.position);
    CHECK(stood.position < 100);
    CHECK(stood.volume.events == stood.position);

    one.runner.resume();
    one.total = stood.volume;
    one.push(stood.position + 1, 110);
    CHECK(one.reaches(110));
    CHECK(one.feed->progress().volume == one.total);
    std::vector<bool> is_handled(111);
    for (const auto sequence : handled.all())
        is_handled[sequence] = true;
    CHECK(std::ranges::count(is_handled, true) == 110);
    CHECK(handled.size() < 110 + 64); // at most what ran at the rest came twice
}

TEST_CASE("in every kind of lane, what is lost counts, and what fails holds up nothing") {
    const auto lane = any_lane();
    Runner one(lane, [&](const Event& event, Emitter&) {
        if (event.id.sequence == 7)
            throw std::runtime_error("as asked");
    });
    one.push(6, 10, 5);
    CHECK(one.reaches(10));
    CHECK(one.feed->progress().volume.events == 10);
    CHECK(one.letters.all() == std::vector<std::uint64_t>{7});
    CHECK(one.runner.counts().at("a").lost == 5);
    CHECK(one.runner.counts().at("a").handled == 4);
}

TEST_CASE("a batch without events for the handler moves it on all the same") {
    Runner one(any_lane(), [](const Event&, Emitter&) {});
    one.push(1, 0); // no records
    Batch batch;
    const auto received = std::make_shared<const ReceivedBatch>(ReceivedBatch{{}, batch});
    one.runner.push(one.feed, received, {0, 0, 0, {40, {}}});
    CHECK(one.reaches(40));
}

TEST_CASE("in a lane with several workers, progress is the longest finished beginning") {
    tests::Gate gate;
    std::atomic<int> others{0};
    Runner one({.workers = 4, .order = LaneOrder::by_key}, [&](const Event& event, Emitter&) {
        if (event.id.sequence == 5)
            gate.pass();
        else
            ++others;
    });
    one.push(1, 12);
    CHECK(eventually([&] { return others == 9; })); // 8 and 11 wait behind 5, whose key they have
    CHECK(one.reaches(4));
    gate.open();
    CHECK(one.reaches(12));
}
