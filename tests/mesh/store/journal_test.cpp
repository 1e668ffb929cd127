#include "tests/mesh/store/journal_fixture.hpp"
#include "tests/support/catch.hpp"

using mesh::ErrorCode;
using tests::JournalEvents;
using tests::JournalFixture;
using tests::range;

TEST_CASE("what is appended is read back in order, from any sequence on, also after a restart") {
    JournalFixture fixture;
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
    JournalFixture fixture;
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
    JournalFixture fixture;
    REQUIRE(fixture.append(2));
    fixture.journal->add_topic("late", 9);
    std::string record = "late";
    const auto late = [&] {
        return fixture.journal->append(std::vector<mesh::StoredEvent>{
            {fixture.journal->last() + 1, 2'000'000, 9, mesh::bytes_of(record)}});
    };
    CHECK_FALSE(fixture.database->transaction([&]() -> mesh::Result<void> {
        REQUIRE(fixture.append(3));
        REQUIRE(late());
        CHECK(fixture.journal->last() == 6);
        return mesh::fail(ErrorCode::invalid, "no");
    }));
    CHECK(fixture.journal->last() == 2);
    const auto size = fixture.journal->size_bytes();
    REQUIRE(fixture.database->transaction([&]() -> mesh::Result<void> {
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
    JournalFixture fixture;
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

TEST_CASE("trimming goes on where a bounded call left off") {
    JournalFixture fixture;
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
    JournalFixture fixture;
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
    const JournalFixture one;
    const JournalFixture other;
    CHECK(one.journal->id() != 0);
    CHECK(one.journal->id() != other.journal->id());
}
