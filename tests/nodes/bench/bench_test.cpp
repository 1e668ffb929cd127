#include "nodes/bench/bench_case.hpp"
#include "nodes/bench/goal.hpp"
#include "nodes/bench/numbered_payload.hpp"
#include "nodes/bench/pace.hpp"
#include "nodes/bench/part.hpp"
#include "nodes/bench/progress.hpp"
#include "nodes/bench/receiving.hpp"
#include "nodes/bench/statistics.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <string>
#include <vector>

using namespace std::chrono_literals;

TEST_CASE("the median is the middle one, or the mean of the middle two") {
    CHECK(nodes::median_of({3}) == 3);
    CHECK(nodes::median_of({5, 1, 3}) == 3);
    CHECK(nodes::median_of({4, 1, 3, 2}) == 2.5);
    const auto spread = nodes::spread_of({5, 1, 3});
    CHECK((spread.median == 3 && spread.min == 1 && spread.max == 5));
}

TEST_CASE("ratios are those of the same round") {
    CHECK(nodes::ratios_of({2, 9}, {1, 3}) == std::vector<double>{2, 3});
}

TEST_CASE("a case says who sends what to whom") {
    const auto one = nodes::parse_bench_case("1:8").value();
    CHECK((one.senders == 1 && one.receivers == 8));
    CHECK(nodes::parse_bench_case("topics:100").value().topics == 100);
    CHECK(nodes::parse_bench_case("emitted").value().emitted_per_event == 64);
    CHECK(nodes::parse_bench_case("emitted:2").value().emitted_per_event == 2);
    CHECK(nodes::parse_bench_case("lane").value().is_lane);
    for (const auto* text : {"", "1", "1:0", "1:x", "mesh:1", "mesh:65", "topics", "lane:2", "2:2"})
        CHECK_FALSE(nodes::parse_bench_case(text));
    CHECK_THAT(nodes::parse_bench_case("emited").error().detail, Catch::Contains("\"emitted\""));
}

TEST_CASE("in a mesh each process hears all others") {
    const auto processes = nodes::processes_of(nodes::parse_bench_case("mesh:3").value());
    REQUIRE(processes.size() == 3);
    CHECK(processes[1].hears == std::vector<std::uint32_t>{0, 2});
    CHECK(processes[1].receivers == 2);
    const auto fan = nodes::processes_of(nodes::parse_bench_case("1:2").value());
    REQUIRE(fan.size() == 3);
    CHECK((fan[0].hears.empty() && fan[0].receivers == 2));
    CHECK((fan[2].hears == std::vector<std::uint32_t>{0} && fan[2].receivers == 0));
}

TEST_CASE("a part is the same when its words are read") {
    nodes::Part part;
    part.number = 3;
    part.process = {{0, 1, 2}, 5};
    part.topics = 100;
    part.emitted_per_event = 64;
    part.payload_size_bytes = 1024;
    part.time = 250ms;
    part.rate = 1e6;
    part.transport = nodes::Transport::tcp;
    part.level = mesh::Level::durable;
    part.is_inline = true;
    part.realm = "a realm";
    part.folder = "/tmp/a b=c";
    part.beacon_port = 5671;
    const auto words = nodes::words_of(part);
    const auto read = nodes::parse_part(words);
    REQUIRE(read);
    CHECK(nodes::words_of(*read) == words);
    CHECK((read->process.hears == part.process.hears && read->time == 250ms && read->rate == 1e6));
    CHECK((read->folder == part.folder && read->beacon_port == 5671));
    for (const std::string word : {"", "number", "number=x", "number=-1", "colour=red", "rate=0",
                                   "transport=udp", "level=slow", "hears=1,x", "inline=2"})
        CHECK_FALSE(nodes::parse_part(std::vector{word}));
}

TEST_CASE("what is received is counted, and disorder is noticed") {
    nodes::Part part;
    part.process.hears = {0, 2};
    nodes::Receiving receiving(part);
    const auto take = [&](std::uint32_t sender, std::uint64_t number) {
        std::string payload(64, 'x');
        nodes::NumberedPayload::of(sender, number, 0).write_to(payload);
        return receiving.take(mesh::bytes_of(payload));
    };
    CHECK_FALSE(take(0, 0));
    CHECK_FALSE(take(2, 0));
    CHECK_FALSE(take(0, 2)); // one is missing, which whoever adds up sees
    CHECK(receiving.disordered() == 0);
    CHECK_FALSE(take(0, 1));
    CHECK_FALSE(take(2, 0));
    CHECK(receiving.disordered() == 2);
    CHECK_FALSE(take(0, nodes::NumberedPayload::last));
    CHECK(take(2, nodes::NumberedPayload::last));
    CHECK(receiving.received() == 5);
}

TEST_CASE("latency is counted from when an event was due, without the first tenth") {
    nodes::Part part;
    part.process.hears = {0};
    part.rate = 100;
    nodes::Receiving receiving(part);
    CHECK(receiving.latency_ns(0.5) == 0);
    const auto now_ns = std::chrono::nanoseconds(mesh::now().time_since_epoch()).count();
    std::string payload(16, 'x');
    for (std::int64_t i = 0; i < 100; ++i) {
        const auto seconds_late = i < 10 ? 1'000'000 : i;
        nodes::NumberedPayload::of(0, static_cast<std::uint64_t>(i),
                                   now_ns - seconds_late * 1'000'000'000)
            .write_to(payload);
        receiving.take(mesh::bytes_of(payload));
    }
    CHECK(receiving.latency_ns(0.99) / 1'000'000'000 == 98);
    CHECK(receiving.latency_ns(0.5) / 1'000'000'000 == 54);
    CHECK(receiving.latency_ns(0.99) / 1'000'000'000 == 98);
}

TEST_CASE("at a rate each event has its moment, however late the one before was") {
    nodes::Part part;
    part.rate = 1000;
    part.time = 3ms;
    nodes::Pace pace(part);
    std::uint64_t number = 0;
    for (; pace.wait(number); ++number)
        CHECK(pace.due_ns() == pace.started_ns() + static_cast<std::int64_t>(number) * 1'000'000);
    CHECK(number == 3);
}

TEST_CASE("a goal is reached at its limit") {
    CHECK(nodes::is_reached({"a", 4, true, "x"}, 4));
    CHECK_FALSE(nodes::is_reached({"a", 4, true, "x"}, 3.9));
    CHECK(nodes::is_reached({"a", 4, false, "x"}, 4));
    CHECK_FALSE(nodes::is_reached({"a", 4, false, "x"}, 4.1));
}

TEST_CASE("progress says how long it still takes once something is done") {
    CHECK(nodes::progress_text(0, 4, "mesh", 0s) == "1 of 4, mesh");
    CHECK(nodes::progress_text(1, 4, "mesh", 2s) == "2 of 4, mesh, about 6 s to go");
}
