#include "nodes/gateway/backlog.hpp"
#include "nodes/gateway/recent_events.hpp"
#include "nodes/gateway/sse_frame.hpp"
#include "tests/support/catch.hpp"

#include <cstddef>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using nodes::Backlog;
using nodes::RecentEvents;
using nodes::ResumePoint;
using nodes::SeenEvent;

namespace {

const mesh::WallTime noon(1'790'000'000s);

SeenEvent seen(unsigned source, std::uint64_t sequence, const std::string& topic = "a",
               bool is_backlog = false, mesh::WallTime published = noon) {
    mesh::Event event;
    event.topic = topic;
    event.service = "s";
    event.id = {{}, 1, sequence};
    event.id.source.bytes[7] = static_cast<std::byte>(source);
    event.time = published;
    return {mesh::OwnedEvent(event), is_backlog};
}

mesh::Pattern pattern(const std::string& text) {
    return *mesh::Pattern::parse(text);
}

struct Read {
    std::vector<std::uint64_t> sequences;
    ResumePoint last;
    std::uint64_t lost = 0;
};

/// Everything that a stream has to say now.
Read read_all(RecentEvents::Reader& reader) {
    Read read;
    for (auto item = reader.next(0s);; item = reader.next(0s)) {
        read.lost += item.lost;
        if (!item.event)
            return read;
        read.sequences.push_back(item.event->event->id.sequence);
        read.last = item.point;
    }
}

using Sequences = std::vector<std::uint64_t>;

} // namespace

TEST_CASE("a stream begins now and gets what matches, in the order in which it came") {
    RecentEvents recent(1, {});
    recent.push(seen(1, 1));
    const auto reader = recent.read(pattern("a"), std::nullopt);
    recent.push(seen(1, 2));
    recent.push(seen(1, 3, "b"));
    recent.push(seen(2, 4, "a", true)); // held from before the gateway met it
    recent.push(seen(2, 5));
    CHECK(read_all(*reader).sequences == Sequences{2, 5});
}

TEST_CASE("a stream goes on in the same gateway with the next event, whoever published it") {
    RecentEvents recent(1, {});
    auto reader = recent.read(pattern("a"), std::nullopt);
    recent.push(seen(1, 1));
    const auto point = read_all(*reader).last;
    reader.reset();
    recent.push(seen(1, 2));
    recent.push(seen(2, 1)); // unknown until now
    recent.push(seen(1, 9)); // what lies between is not for this gateway
    const auto read = read_all(*recent.read(pattern("a"), point));
    CHECK(read.sequences == Sequences{2, 1, 9});
    CHECK(read.lost == 0);
}

TEST_CASE("a stream goes on after a restart of the gateway behind what each publisher had said") {
    RecentEvents before(1, {});
    const auto reader = before.read(pattern("a"), std::nullopt);
    for (const auto& one : {seen(1, 1), seen(2, 1), seen(1, 2)})
        before.push(one);
    const auto point = read_all(*reader).last;
    REQUIRE(nodes::parse_resume_point(to_text(point)) == point);

    RecentEvents after(2, {});
    // All that they hold comes again, of one publisher after the other.
    for (const auto& one : {seen(2, 1, "a", true), seen(2, 2, "a", true), seen(1, 1, "a", true),
                            seen(1, 2, "a", true), seen(1, 3, "a", true)})
        after.push(one);
    const auto resumed = after.read(pattern("a"), point);
    after.push(seen(1, 4));
    const auto read = read_all(*resumed);
    CHECK(read.sequences == Sequences{2, 3, 4});
    CHECK(read.lost == 0);
}

TEST_CASE("of a publisher not heard before, a stream gets what was said since it began") {
    RecentEvents after(2, {});
    const auto resumed = after.read(pattern("a"), ResumePoint{1, 9, noon, {}});
    after.push(seen(3, 1, "a", true, noon - 1min)); // by the publisher's clock
    after.push(seen(3, 2, "a", true, noon));
    after.push(seen(3, 3, "a", false, noon - 1min)); // it has just come
    CHECK(read_all(*resumed).sequences == Sequences{2, 3});
}

TEST_CASE("a stream that is broken off twice, amid a backlog, still gets all of it") {
    RecentEvents after(2, {});
    auto reader = after.read(pattern("a"), ResumePoint{1, 9, noon, {{1, 1, 10}}});
    after.push(seen(1, 11, "a", true, noon + 1h));
    const auto point = read_all(*reader).last;
    reader.reset();
    after.push(seen(1, 12, "a", true, noon + 1h));
    after.push(seen(2, 1, "a", true, noon + 1h)); // it began while nobody looked
    const auto read = read_all(*after.read(pattern("a"), point));
    CHECK(read.sequences == Sequences{12, 1});
    CHECK(read.lost == 0);
}

TEST_CASE("what a publisher no longer holds at a restart is told as lost, at most so much") {
    RecentEvents after(2, {});
    const ResumePoint point{1, 9, noon, {{1, 1, 10}}};
    const auto reader = after.read(pattern("a"), point);
    after.push(seen(1, 14, "a", true));
    after.push(seen(1, 16));
    const auto read = read_all(*reader);
    CHECK(read.sequences == Sequences{14, 16});
    CHECK(read.lost == 3);
}

TEST_CASE("a stream that is too slow loses what goes, and is told exactly how much") {
    RecentEvents recent(1, {.events = 4});
    const auto reader = recent.read(pattern("a"), std::nullopt);
    const auto idle = recent.read(pattern("c"), std::nullopt);
    for (std::uint64_t i = 1; i <= 10; ++i)
        recent.push(seen(1, i, i % 2 == 0 ? "a" : "b"));
    const auto read = read_all(*reader);
    CHECK(read.sequences == Sequences{8, 10});
    CHECK(read.lost == 3);
    CHECK(read_all(*idle).lost == 0);
}

TEST_CASE("a stream that comes back too late is told how much is gone at most") {
    RecentEvents recent(1, {.events = 2});
    auto reader = recent.read(pattern("a"), std::nullopt);
    recent.push(seen(1, 1));
    const auto point = read_all(*reader).last;
    reader.reset();
    for (std::uint64_t i = 2; i <= 6; ++i)
        recent.push(seen(1, i));
    const auto read = read_all(*recent.read(pattern("a"), point));
    CHECK(read.sequences == Sequences{5, 6});
    CHECK(read.lost == 3);
}

TEST_CASE("the events that are kept are bounded by their bytes too") {
    RecentEvents recent(1, {.events = 1000, .bytes = 2000});
    const auto reader = recent.read(pattern(">"), std::nullopt);
    for (std::uint64_t i = 1; i <= 100; ++i)
        recent.push(seen(1, i));
    const auto read = read_all(*reader);
    CHECK(read.sequences.size() < 10);
    CHECK(read.sequences.size() + read.lost == 100);
}

TEST_CASE("what the gateway itself does not get is told to every stream") {
    RecentEvents recent(1, {});
    const auto reader = recent.read(pattern("a"), std::nullopt);
    recent.lose(5);
    CHECK(read_all(*reader).lost == 5);
}

TEST_CASE("a stream that waits hears of the next event at once, and of the end") {
    RecentEvents recent(1, {});
    const auto reader = recent.read(pattern("a"), std::nullopt);
    std::thread pusher([&] { recent.push(seen(1, 1)); });
    CHECK(reader->next(10s).event != nullptr);
    pusher.join();
    std::thread ender([&] { recent.end(); });
    CHECK(reader->next(10s).event == nullptr);
    ender.join();
    CHECK(recent.is_over());
}

TEST_CASE("a backlog is what a publisher held from before, until it says something new or pauses") {
    Backlog backlog;
    const mesh::EventId one{{}, 1, 1};
    const mesh::EventId other{{}, 2, 1};
    const mesh::TimePoint start{};
    CHECK(backlog.holds(one, noon - 1h, noon, start));
    CHECK(backlog.holds(one, noon - 6s, noon + 2s, start + 900ms));
    CHECK_FALSE(backlog.holds(one, noon - 4s, noon + 2s, start + 900ms));
    CHECK_FALSE(backlog.holds(one, noon - 1h, noon + 2s, start + 900ms)); // over is over
    // A clock that is an hour late: after the backlog there is a pause.
    CHECK(backlog.holds(other, noon - 1h, noon, start));
    CHECK_FALSE(backlog.holds(other, noon - 1h, noon, start + 1001ms));
}

TEST_CASE("an event is one frame with its id and its CloudEvent") {
    RecentEvents recent(0xf00d, {});
    const auto reader = recent.read(pattern("a"), std::nullopt);
    recent.push(seen(1, 7));
    const auto frame = sse_event(reader->next(0s), "shop");
    CHECK_THAT(frame, Catch::StartsWith("id: f00d-1-"));
    CHECK_THAT(frame, Catch::Contains("~1.1.7\ndata: {\"specversion\":\"1.0\","));
    CHECK(frame.ends_with("}\n\n"));
    CHECK(nodes::sse_gap(3) == "event: gap\ndata: {\"lost_max\":3}\n\n");
}
