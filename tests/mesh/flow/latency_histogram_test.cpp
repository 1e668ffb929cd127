#include "mesh/flow/latency_histogram.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"

#include <algorithm>
#include <vector>

using mesh::LatencyHistogram;

TEST_CASE("small durations are counted exactly") {
    LatencyHistogram histogram;
    CHECK(histogram.percentile_us(0.5) == 0);
    for (std::uint64_t i = 1; i <= 10; ++i)
        histogram.add(i);
    CHECK(histogram.count() == 10);
    CHECK(histogram.percentile_us(0) == 1);
    CHECK(histogram.percentile_us(0.1) == 1);
    CHECK(histogram.percentile_us(0.5) == 5);
    CHECK(histogram.percentile_us(0.51) == 6);
    CHECK(histogram.percentile_us(1) == 10);
}

TEST_CASE("a percentile is never below the true one and at most 7 % above it") {
    const std::uint64_t seed = 99;
    CAPTURE(seed);
    tests::Random random(seed);
    for (int round = 0; round < 50; ++round) {
        LatencyHistogram histogram;
        std::vector<std::uint64_t> durations;
        for (int i = 0; i < 500; ++i) {
            const auto width = random() % 39;
            durations.push_back(random() & ((std::uint64_t{1} << width) - 1));
            histogram.add(durations.back());
        }
        std::ranges::sort(durations);
        for (const std::size_t rank : {1U, 5U, 250U, 495U, 500U}) {
            const auto truth = durations[rank - 1];
            const auto read = histogram.percentile_us((static_cast<double>(rank) - 0.5) / 500);
            REQUIRE(read >= truth);
            REQUIRE(static_cast<double>(read) <= static_cast<double>(truth) * 1.07);
        }
    }
}

TEST_CASE("durations beyond all bounds are counted in the last bucket") {
    LatencyHistogram histogram;
    histogram.add(UINT64_MAX);
    histogram.add(1);
    CHECK(histogram.count() == 2);
    CHECK(histogram.percentile_us(0.5) == 1);
    CHECK(histogram.percentile_us(1) > std::uint64_t{1} << 40U);
}
