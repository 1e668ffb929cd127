#include "mesh/store/journal.hpp"
#include "tests/mesh/store/journal_events.hpp"
#include "tests/mesh/store/store_folder.hpp"
#include "tests/support/catch.hpp"

#include <optional>

using mesh::Database;
using mesh::ErrorCode;
using mesh::Journal;
using mesh::JournalOptions;
using mesh::Result;
using mesh::WhenFull;
using tests::JournalEvents;
using tests::StoreFolder;

namespace {

/// A journal in a file, which can be closed and opened again.
struct Fixture {
    StoreFolder folder;
    JournalOptions options;
    std::unique_ptr<Database> database;
    std::unique_ptr<Journal> journal;
    JournalEvents events;

    explicit Fixture(JournalOptions with = {.kept_size_bytes_max = 0}) : options(with) { open(); }

    void open() {
        journal.reset();
        database.reset();
        database = Database::open(folder.file(), mesh::Sync::normal).value();
        journal = Journal::open(*database, options).value();
        JournalEvents::add_topics(*journal);
    }

    Result<void> append(std::uint64_t count) {
        return journal->append(events.make(journal->last() + 1, count));
    }

    /// The sequences that can be read from `from` on; each event is checked.
    std::vector<std::uint64_t> read_all(std::uint64_t from, std::size_t size_bytes_max = 10'000) {
        std::vector<std::uint64_t> sequences;
        while (from <= journal->last()) {
            const auto stretch = journal->read(from, size_bytes_max);
            REQUIRE(stretch);
            REQUIRE_FALSE(stretch->events.empty());
            for (const auto& event : stretch->events) {
                REQUIRE(JournalEvents::is_right(event));
                sequences.push_back(event.sequence);
            }
            from = sequences.back() + 1;
        }
        return sequences;
    }
};

std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> sequences;
    for (auto sequence = first; sequence <= last; ++sequence)
        sequences.push_back(sequence);
    return sequences;
}

} // namespace

TEST_CASE("what is appended is read back in order, from any sequence on, also after a restart") {
    Fixture fixture;
    CHECK(fixture.journal->last() == 0);
    CHECK(fixture.journal->first() == 1);
    CHECK(fixture.read_all(1).empty());
    std::uint64_t count = 0;
    for (const auto size : {1U, 64U, 3U, 2000U, 1U}) {
        REQUIRE(fixture.append(size));
        count += size;
    }
    const auto id = fixture.journal->id();
    for (int run = 0; run < 2; ++run) {
        CHECK(fixture.journal->last() == count);
        CHECK(fixture.journal->last_time_us() == JournalEvents::time_of(count));
        CHECK(fixture.journal->lost_count() == 0);
        CHECK(fixture.journal->id() == id);
        for (const auto from : {1U, 2U, 65U, 66U, 1000U, 2068U, 2069U})
            CHECK(fixture.read_all(from) == range(from, count));
        CHECK(fixture.read_all(1, 1) == range(1, count)); // one at least, however small the bound
        fixture.open();
    }
    CHECK(fixture.journal->topics().at(3) == "topic.3");
}

TEST_CASE("sequences go on where they were, whatever was trimmed") {
    Fixture fixture;
    REQUIRE(fixture.append(10));
    REQUIRE(fixture.append(10));
    const auto trimmed = fixture.journal->trim(0, 20);
    REQUIRE(trimmed);
    CHECK(trimmed->first == 1);
    CHECK(trimmed->last == 20);
    CHECK(fixture.journal->size_bytes() == 0);
    for (int run = 0; run < 2; ++run) {
        CHECK(fixture.journal->first() == 21);
        CHECK(fixture.journal->last() == 20);
        fixture.open();
    }
    REQUIRE(fixture.append(1));
    CHECK(fixture.read_all(21) == range(21, 21));
    const auto gone = fixture.journal->read(20, 1000);
    REQUIRE_FALSE(gone);
    CHECK(gone.error().code == ErrorCode::limit);
    CHECK(gone.error().detail.find("event 20 is trimmed: the journal begins at 21") !=
          std::string::npos);
    CHECK(fixture.journal->next_readable(5).value() == 21);
}

TEST_CASE("an append within a transaction is kept or gone with it") {
    Fixture fixture;
    REQUIRE(fixture.append(2));
    fixture.journal->add_topic("late", 9);
    std::string record = "late";
    const auto late = [&] {
        return fixture.journal->append(std::vector<mesh::StoredEvent>{
            {fixture.journal->last() + 1, 2'000'000, 9, mesh::bytes_of(record)}});
    };
    CHECK_FALSE(fixture.database->transaction([&]() -> Result<void> {
        REQUIRE(fixture.append(3));
        REQUIRE(late());
        CHECK(fixture.journal->last() == 6);
        return mesh::fail(ErrorCode::invalid, "no");
    }));
    CHECK(fixture.journal->last() == 2);
    const auto size = fixture.journal->size_bytes();
    REQUIRE(fixture.database->transaction([&]() -> Result<void> {
        auto done = fixture.append(3);
        return done ? late() : done;
    }));
    CHECK(fixture.journal->size_bytes() > size);
    CHECK(fixture.journal->last() == 6);
    fixture.open();
    CHECK(fixture.journal->last() == 6);
    CHECK(fixture.journal->topics().at(9) == "late");
    const auto stretch = fixture.journal->read(6, 1000);
    REQUIRE(stretch);
    REQUIRE(stretch->events.size() == 1);
    CHECK(stretch->events[0].topic == 9);
    CHECK(mesh::text_of(stretch->events[0].record) == "late");
}

TEST_CASE("a hole, a sequence used before, a topic without a name and a huge record are refused") {
    Fixture fixture;
    REQUIRE(fixture.append(5));
    for (const auto first : {5U, 7U}) {
        const auto refused = fixture.journal->append(fixture.events.make(first, 1));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::invalid);
    }
    auto events = fixture.events.make(6, 2);
    events[1].topic = 77;
    CHECK(fixture.journal->append(events).error().code == ErrorCode::invalid);
    const std::string huge(mesh::stored_record_size_bytes_max + 1, 'x');
    events[1].topic = 0;
    events[1].record = mesh::bytes_of(huge);
    CHECK(fixture.journal->append(events).error().code == ErrorCode::limit);
    CHECK(fixture.journal->last() == 5);
    events[1].record = events[1].record.first(mesh::stored_record_size_bytes_max);
    CHECK(fixture.journal->append(events));
    CHECK(fixture.journal->read(6, 1)->events.size() == 1);
    CHECK(fixture.journal->read(7, 1)->events[0].record.size() ==
          mesh::stored_record_size_bytes_max);
}

TEST_CASE("a full journal refuses until somebody has acknowledged") {
    const bool is_by_count = GENERATE(true, false);
    JournalOptions options;
    if (is_by_count)
        options.count_max = 20;
    else
        options.size_bytes_max = 20 * 160;
    Fixture fixture(options);
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
    Fixture fixture(options);
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
        Fixture fixture(options);
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
        Fixture fixture(options);
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
    Fixture fixture(options);
    for (int row = 0; row < 4; ++row)
        REQUIRE(fixture.append(5));
    const auto at = JournalEvents::time_of(5) + 100;
    CHECK(fixture.journal->trim(at, 0)->last == 0);
    CHECK(fixture.journal->trim(at + 1, 0)->last == 5);
    CHECK(fixture.journal->first() == 6);
}

TEST_CASE("trimming goes on where a bounded call left off") {
    Fixture fixture;
    for (int row = 0; row < 1030; ++row)
        REQUIRE(fixture.append(1));
    const auto some = fixture.journal->trim(0, 1028);
    REQUIRE(some);
    CHECK(some->last == 1024);
    CHECK(some->is_more);
    const auto rest = fixture.journal->trim(0, 1028);
    REQUIRE(rest);
    CHECK(rest->first == 1025);
    CHECK(rest->last == 1028);
    CHECK_FALSE(rest->is_more);
    CHECK(fixture.read_all(1029) == range(1029, 1030));
}

TEST_CASE("a time leads to the first event of that time or later") {
    Fixture fixture;
    CHECK(fixture.journal->sequence_at(0).value() == 1);
    for (const auto size : {1U, 7U, 100U, 1U, 2000U, 3U})
        REQUIRE(fixture.append(size));
    REQUIRE(fixture.journal->trim(0, 1));
    const auto last = fixture.journal->last();
    CHECK(fixture.journal->sequence_at(0).value() == 2);
    for (std::uint64_t sequence = 2; sequence <= last; sequence += 13) {
        CHECK(fixture.journal->sequence_at(JournalEvents::time_of(sequence)).value() == sequence);
        CHECK(fixture.journal->sequence_at(JournalEvents::time_of(sequence) - 9).value() ==
              sequence);
    }
    CHECK(fixture.journal->sequence_at(JournalEvents::time_of(last) + 1).value() == last + 1);
}

TEST_CASE("a journal keeps its id, and another file has another") {
    const Fixture one;
    const Fixture other;
    CHECK(one.journal->id() != 0);
    CHECK(one.journal->id() != other.journal->id());
}
