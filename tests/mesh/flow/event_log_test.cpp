#include "mesh/flow/event_log.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace mesh;

namespace {

void append(EventLog& log, std::uint16_t topic, std::uint64_t time_us, std::string_view record) {
    std::ranges::copy(bytes_of(record), log.append(topic, time_us, record.size()));
}

} // namespace

TEST_CASE("an empty log holds nothing and begins at sequence 1") {
    const EventLog log(1'000);
    CHECK(log.first() == 1);
    CHECK(log.last() == 0);
    CHECK(log.last_time_us() == 0);
    CHECK_FALSE(log.is_over_bound());
    CHECK(log.read_from(1).is_at_end());
    CHECK(log.read_from(0).is_at_end());
}

TEST_CASE("a log gives back what was appended, from any place on, until it is dropped") {
    const std::uint64_t seed = 4'711;
    CAPTURE(seed);
    tests::Random random(seed);
    constexpr std::size_t bound = 1024 * 1024;
    EventLog log(bound);
    std::vector<std::string> records;
    std::size_t held_bytes_max = 0;
    for (std::uint64_t i = 1; i <= 2'000; ++i) {
        const auto size = random() % 50 == 0 ? 300'000 + random() % 1'000 : random() % 5'000;
        records.push_back(tests::random_bytes(random, size));
        append(log, static_cast<std::uint16_t>(i % 7), 1'000 + i / 3, records.back());
        while (log.is_over_bound()) {
            const auto last = log.oldest_chunk_last();
            log.drop_oldest_chunk();
            REQUIRE(log.first() == last + 1);
        }
        REQUIRE(log.last() == i);
        REQUIRE(log.first() <= i);
        std::size_t held = 0;
        for (auto sequence = log.first(); sequence <= i; ++sequence)
            held += records[sequence - 1].size();
        held_bytes_max = std::max(held_bytes_max, held);

        const auto from = random() % (i + 2);
        auto reader = log.read_from(from);
        auto expected = std::max<std::uint64_t>(from, log.first());
        for (int steps = 0; steps < 5 && !reader.is_at_end(); ++steps, ++expected, reader.step()) {
            const auto entry = reader.entry();
            REQUIRE(entry.sequence == expected);
            REQUIRE(entry.topic == expected % 7);
            REQUIRE(entry.time_us == 1'000 + expected / 3);
            REQUIRE(text_of(entry.record) == records[expected - 1]);
        }
        if (expected > i)
            REQUIRE(reader.is_at_end());
    }
    CHECK(log.first() > 1);
    CHECK(held_bytes_max <= bound);
    CHECK(held_bytes_max > bound / 2);
    CHECK(log.at(log.first()).sequence == log.first());
    CHECK(log.at(2'000).sequence == 2'000);
}

TEST_CASE("the newest chunk stays, however small the bound") {
    EventLog log(1);
    append(log, 0, 1, std::string(2'000'000, 'x'));
    CHECK_FALSE(log.is_over_bound());
    append(log, 0, 1, "y");
    CHECK(log.is_over_bound());
    log.drop_oldest_chunk();
    CHECK(log.first() == 2);
    CHECK_FALSE(log.is_over_bound());
}

TEST_CASE("what lies together in the log is given together, as many as fit") {
    const std::uint64_t seed = 4'712;
    CAPTURE(seed);
    tests::Random random(seed);
    EventLog log(64 * 1024 * 1024);
    std::string all;
    std::vector<std::size_t> sizes;
    for (std::uint64_t i = 1; i <= 20'000; ++i) {
        sizes.push_back(random() % 60);
        const auto record = tests::random_bytes(random, sizes.back());
        all += record;
        append(log, 0, i, record);
    }
    for (int turn = 0; turn < 2'000; ++turn) {
        const auto from = 1 + random() % sizes.size();
        const auto count_max = random() % 3'000;
        const auto size_max = random() % 50'000;
        auto reader = log.read_from(from);
        const auto run = reader.run(count_max, size_max);
        REQUIRE(run.count <= count_max);
        REQUIRE(run.bytes.size() <= size_max);
        std::size_t before = 0;
        std::size_t size = 0;
        for (std::uint64_t i = 1; i < from + run.count; ++i)
            (i < from ? before : size) += sizes[i - 1];
        REQUIRE(text_of(run.bytes) == std::string_view(all).substr(before, size));
        if (run.count > 0)
            REQUIRE(run.last_time_us == from + run.count - 1);
        // One more does not fit, or lies in the next chunk.
        const auto next = from + run.count;
        if (run.count < count_max && next <= sizes.size() && size + sizes[next - 1] <= size_max) {
            reader.step(run.count);
            REQUIRE(reader.run(1, 60).bytes.data() != run.bytes.data() + run.bytes.size());
        }
    }
}

TEST_CASE("who keeps records of a log reads them also when they are dropped and others come") {
    EventLog log(4 * 1'024);
    std::string records;
    for (int i = 1; i <= 3; ++i) {
        records += std::string(300, static_cast<char>('a' + i));
        append(log, 1, 1'000, std::string(300, static_cast<char>('a' + i)));
    }
    const auto run = log.read_from(1).run(3, 10'000);
    REQUIRE(run.count == 3);
    const auto owner = log.owner_of(run.bytes);
    REQUIRE(owner != nullptr);
    CHECK(log.owner_of(bytes_of(records)) == nullptr);
    for (int i = 0; i < 100; ++i) {
        append(log, 1, 1'000, std::string(300, 'z'));
        while (log.is_over_bound())
            log.drop_oldest_chunk();
    }
    REQUIRE(log.first() > 3);
    CHECK(text_of(run.bytes) == records);
}
