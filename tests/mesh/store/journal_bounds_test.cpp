#include "tests/mesh/store/journal_fixture.hpp"
#include "tests/support/catch.hpp"

#include <cstdint>
#include <string>

using mesh::ErrorCode;
using mesh::JournalOptions;
using mesh::WhenFull;
using tests::JournalEvents;
using tests::JournalFixture;
using tests::range;

TEST_CASE("a full journal refuses until somebody has acknowledged") {
    const bool is_by_count = GENERATE(true, false);
    JournalOptions options;
    if (is_by_count)
        options.count_max = 20;
    else
        options.size_bytes_max = 20 * 160;
    JournalFixture fixture(options);
    std::uint64_t rows = 0;
    for (; rows < 100 && fixture.append(5); ++rows)
        CHECK(fixture.journal->size_bytes() <= options.size_bytes_max);
    CHECK((rows > 1 && rows < 20));
    const auto full = fixture.append(5);
    REQUIRE_FALSE(full);
    CHECK(full.error().code == ErrorCode::limit);
    CHECK(full.error().detail.find("the journal is full") != std::string::npos);
    CHECK(fixture.journal->last() == rows * 5);
    // Nobody acknowledged, and it is not of the kind that trims.
    CHECK(fixture.journal->trim(0, 4)->last == 0);
    const auto trimmed = fixture.journal->trim(0, 9); // the second row is not through yet
    REQUIRE(trimmed);
    CHECK(trimmed->first == 1);
    CHECK(trimmed->last == 5);
    CHECK(fixture.append(5));
    CHECK(fixture.read_all(6) == range(6, rows * 5 + 5));
}

TEST_CASE("a full journal still takes what ends work that has begun, half as much again") {
    JournalOptions options;
    options.count_max = 20;
    JournalFixture fixture(options);
    for (int row = 0; row < 4; ++row)
        REQUIRE(fixture.append(5));
    REQUIRE_FALSE(fixture.append(1));
    const auto emit = [&](std::uint64_t count) {
        return fixture.journal->append(fixture.events.make(fixture.journal->last() + 1, count),
                                       mesh::Journal::Room::of_begun_work);
    };
    CHECK(emit(5));
    CHECK(emit(5));
    CHECK_FALSE(emit(1));
    CHECK(fixture.journal->last() == 30);
    REQUIRE(fixture.journal->trim(0, 10));
    CHECK_FALSE(fixture.append(1)); // 20 are left
    CHECK(emit(5));
}

TEST_CASE("rows that everybody has processed stay for a while, for who asks for what was") {
    JournalOptions options;
    SECTION("so many bytes of them") {
        options.kept_size_bytes_max = 2000;
    }
    SECTION("at most a quarter of what the journal may hold") {
        options.size_bytes_max = 20'000;
    }
    SECTION("or of its events") {
        options.count_max = 200;
        options.kept_size_bytes_max = 10'000'000;
    }
    JournalFixture fixture(options);
    for (int row = 0; row < 20; ++row) {
        REQUIRE(fixture.append(5));
        REQUIRE(fixture.journal->trim(0, fixture.journal->last()));
    }
    const auto first = fixture.journal->first();
    CHECK(first > 1);
    CHECK(fixture.journal->size_bytes() > 0);
    if (options.count_max == 200)
        CHECK(first == 51);
    else
        CHECK(fixture.journal->size_bytes() <= 5000);
    CHECK(fixture.read_all(first) == range(first, 100));
    for (int row = 0; row < 11; ++row)
        REQUIRE(fixture.append(5)); // what is not processed takes their place
    REQUIRE(fixture.journal->trim(0, 100));
    CHECK(fixture.journal->first() == 101);
}

TEST_CASE("a journal that trims drops the oldest rows beyond its bounds") {
    JournalOptions options;
    options.full = WhenFull::trim;
    SECTION("by count") {
        options.count_max = 12;
        JournalFixture fixture(options);
        for (int row = 0; row < 5; ++row)
            REQUIRE(fixture.append(5));
        const auto trimmed = fixture.journal->trim(0, 0);
        REQUIRE(trimmed);
        CHECK(trimmed->first == 1);
        CHECK(trimmed->last == 15); // with 15 left it is over, with 10 not
        CHECK(fixture.read_all(16) == range(16, 25));
    }
    SECTION("by size") {
        options.size_bytes_max = 5000;
        JournalFixture fixture(options);
        for (int row = 0; row < 20; ++row)
            REQUIRE(fixture.append(5));
        CHECK(fixture.journal->size_bytes() > 5000);
        REQUIRE(fixture.journal->trim(0, 0));
        const auto size = fixture.journal->size_bytes();
        CHECK(size <= 5000);
        CHECK(size > 3000);
        fixture.open();
        CHECK(fixture.journal->size_bytes() == size);
    }
}

TEST_CASE("events that are too old go, whoever has not acknowledged them") {
    JournalOptions options;
    options.age_max = std::chrono::microseconds(100);
    JournalFixture fixture(options);
    for (int row = 0; row < 4; ++row)
        REQUIRE(fixture.append(5));
    const auto at = JournalEvents::time_of(5) + 100;
    CHECK(fixture.journal->trim(at, 0)->last == 0);
    CHECK(fixture.journal->trim(at + 1, 0)->last == 5);
    CHECK(fixture.journal->first() == 6);
}
