#include "mesh/flow/batch_plan.hpp"
#include "mesh/wire/event_record.hpp"
#include "mesh/wire/record_reader.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace mesh;

namespace {

std::string record(std::uint32_t delta_us, std::string_view payload) {
    const EventRecord made{1, delta_us, {}, {}, {}, std::nullopt, bytes_of(payload)};
    std::string bytes(encoded_size(made), '\0');
    encode(made, reinterpret_cast<std::byte*>(bytes.data()));
    return bytes;
}

struct Read {
    std::uint64_t sequence;
    std::uint64_t time_us;
    std::string payload;

    bool operator==(const Read&) const = default;
};

std::vector<Read> read(const BatchPlan& plan) {
    std::string bytes(plan.size_bytes(), '\0');
    plan.write(reinterpret_cast<std::byte*>(bytes.data()));
    const auto batch = decode_batch(bytes_of(bytes));
    REQUIRE(batch);
    REQUIRE(batch->body.size() == plan.body_size_bytes());
    RecordReader reader(batch->body, batch->header.base_sequence, batch->header.base_time_us);
    std::vector<Read> all;
    for (auto one = reader.next(); one && *one; one = reader.next())
        all.push_back({reader.sequence(), reader.time_us(), std::string(text_of((*one)->payload))});
    return all;
}

} // namespace

TEST_CASE("neighbours in the log are copied without anything between them") {
    const auto log = record(0, "a") + record(10, "b");
    const auto half = log.size() / 2;
    BatchPlan plan;
    plan.clear(6, 1'000);
    REQUIRE(plan.add(7, 1'000, bytes_of(log).first(half)));
    REQUIRE(plan.add(8, 1'010, bytes_of(log).subspan(half)));
    CHECK(plan.body_size_bytes() == log.size());
    CHECK(read(plan) == std::vector<Read>{{7, 1'000, "a"}, {8, 1'010, "b"}});
}

TEST_CASE("a skip stands for what is left out, in sequence and in time") {
    const auto a = record(5, "a");
    const auto b = record(10, "b");
    BatchPlan plan;
    plan.clear(0, 0);
    plan.start_at(6, 1'000 - 5);
    REQUIRE(plan.add(7, 1'000, bytes_of(a)));
    REQUIRE(plan.add(20, 5'000, bytes_of(b)));
    CHECK(plan.body_size_bytes() == a.size() + skip_record_size_bytes + b.size());
    CHECK(plan.last_sequence() == 20);
    CHECK(read(plan) == std::vector<Read>{{7, 1'000, "a"}, {20, 5'000, "b"}});
}

TEST_CASE("an event too far away ends the batch") {
    const auto a = record(0, "a");
    const auto b = record(0, "b");
    BatchPlan plan;
    plan.clear(0, 1'000);
    REQUIRE(plan.add(1, 1'000, bytes_of(a)));
    const std::uint64_t limit = UINT32_MAX;
    CHECK_FALSE(plan.add(2, 1'000 + limit + 1, bytes_of(b)));
    CHECK_FALSE(plan.add(limit + 3, 1'000, bytes_of(b)));
    CHECK(read(plan).size() == 1);
    CHECK(plan.add(limit + 2, 1'000 + limit, bytes_of(b)));
    CHECK(read(plan).back() == Read{limit + 2, 1'000 + limit, "b"});
}
