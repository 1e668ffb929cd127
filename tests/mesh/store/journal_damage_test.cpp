#include "mesh/base/log.hpp"
#include "tests/mesh/store/journal_walk.hpp"
#include "tests/mesh/store/store_folder.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <cstdio>
#include <map>
#include <random>

using mesh::Database;
using mesh::ErrorCode;
using mesh::Journal;
using tests::JournalEvents;
using tests::StoreFolder;

namespace {

constexpr std::array<const char*, 3> file_names = {"node.db", "node.db-wal", "node.db-mark"};

/// The files of a journal as bytes, taken while half of it lay in the database and half in its log.
struct Files {
    std::map<std::string, std::string> bytes;
    std::uint64_t event_count = 0;

    void write(const StoreFolder& folder) const {
        for (const auto& [name, content] : bytes)
            tests::write_file(folder.file(name), content);
    }
};

Files make_files() {
    const StoreFolder folder;
    const auto database = Database::open(folder.file(), mesh::Sync::normal).value();
    const auto journal = Journal::open(*database, {.kept_size_bytes_max = 0}).value();
    JournalEvents::add_topics(*journal);
    JournalEvents events;
    std::mt19937_64 random(1);
    for (int half = 0; half < 2; ++half) {
        for (int group = 0; group < 12; ++group)
            REQUIRE(journal->append(events.make(journal->last() + 1, 1 + random() % 20)));
        if (half == 0) {
            REQUIRE(journal->trim(0, 30));
            REQUIRE(database->statement("PRAGMA wal_checkpoint(TRUNCATE)").run());
        }
    }
    Files files;
    files.event_count = journal->last();
    for (const auto* name : file_names) {
        files.bytes[name] = tests::bytes_of_file(folder.file(name));
        REQUIRE_FALSE(files.bytes[name].empty());
    }
    return files;
}

struct Quiet {
    Quiet() { mesh::set_log_level(mesh::LogLevel::off); }

    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;
    Quiet(Quiet&&) = delete;
    Quiet& operator=(Quiet&&) = delete;

    ~Quiet() { mesh::set_log_level(mesh::LogLevel::info); }
};

/// What became of many damaged journals.
struct Outcome {
    int refused = 0; ///< opening failed, with an error
    int whole = 0;
    int with_gaps = 0;
    std::uint64_t missing_count = 0;
};

/// Opens what lies in the folder and goes through all of it. Fails the test when anything comes out
/// that was not put in, or is gone without being counted.
void examine(const StoreFolder& folder, const Files& files, bool goes_on, Outcome& outcome) {
    auto database = Database::open(folder.file(), mesh::Sync::normal);
    auto journal = database ? Journal::open(**database, {}) : tl::unexpected(database.error());
    if (!journal) {
        ++outcome.refused;
        REQUIRE(journal.error().detail.find(folder.file()) != std::string::npos);
        return;
    }
    const auto first = (*journal)->first();
    REQUIRE((*journal)->last() == files.event_count);
    const auto walk = tests::walk(**journal, first);
    REQUIRE(walk.is_right);
    REQUIRE(walk.is_finished);
    REQUIRE(walk.read_count + walk.missing_count == files.event_count + 1 - first);
    outcome.missing_count += walk.missing_count;
    ++(walk.missing_count > 0 ? outcome.with_gaps : outcome.whole);
    if (!goes_on)
        return;
    // What is appended to a damaged journal is there afterwards, or refused.
    JournalEvents events;
    JournalEvents::add_topics(**journal);
    const auto next = files.event_count + 1;
    if (!(*journal)->append(events.make(next, 5)))
        return;
    journal = Journal::open(**database, {});
    REQUIRE(journal);
    REQUIRE((*journal)->last() == next + 4);
    const auto more = tests::walk(**journal, first);
    REQUIRE(more.is_right);
    REQUIRE(more.is_finished);
    REQUIRE(more.read_count + more.missing_count == next + 5 - first);
}

} // namespace

TEST_CASE("no flipped bit in the files of a journal becomes a wrong event or an uncounted loss") {
    const Quiet quiet;
    const auto files = make_files();
    const StoreFolder folder;
    const std::uint64_t seed = 20;
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    std::size_t size = 0;
    for (const auto& [name, bytes] : files.bytes)
        size += bytes.size();
    constexpr int flips = 10'000;
    Outcome outcome;
    for (int flip = 0; flip < flips; ++flip) {
        files.write(folder);
        // The mark is small beside the others, and gets its share all the same.
        const auto* name = file_names[2];
        std::size_t at = random() % files.bytes.at(name).size();
        if (flip % 20 != 0) {
            at = random() % (size - files.bytes.at(name).size());
            name = at < files.bytes.at(file_names[0]).size() ? file_names[0] : file_names[1];
            at = name == file_names[0] ? at : at - files.bytes.at(file_names[0]).size();
        }
        auto damaged = files.bytes.at(name);
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
        tests::write_file(folder.file(name), damaged);
        CAPTURE(flip, name, at);
        examine(folder, files, flip % 10 == 0, outcome);
    }
    std::printf("flips=%d refused=%d whole=%d with_gaps=%d missing=%llu wrong=0\n", flips,
                outcome.refused, outcome.whole, outcome.with_gaps,
                static_cast<unsigned long long>(outcome.missing_count));
    CHECK(outcome.with_gaps > flips / 4);
    CHECK(outcome.refused < flips / 4);
}

TEST_CASE("a flipped bit in an event costs that event and no other") {
    const Quiet quiet;
    const auto files = make_files();
    const StoreFolder folder;
    std::mt19937_64 random(3);
    for (std::uint64_t sequence = 31; sequence < 120; ++sequence) {
        JournalEvents events;
        const auto event = events.make(sequence, 1);
        const std::string record(mesh::text_of(event[0].record.first(8)));
        // In the database, not in its log: that ends at the first wrong byte.
        const auto at = files.bytes.at("node.db").find(record);
        if (at == std::string::npos)
            continue;
        files.write(folder);
        auto damaged = files.bytes.at("node.db");
        // From the checksum to the record: 26 bytes before it, and these eight.
        damaged[at - 26 + random() % 34] ^= static_cast<char>(1U << random() % 8);
        if (damaged == files.bytes.at("node.db"))
            continue;
        tests::write_file(folder.file(), damaged);
        const auto database = Database::open(folder.file(), mesh::Sync::normal).value();
        const auto journal = Journal::open(*database, {}).value();
        const auto walk = tests::walk(*journal, journal->first());
        CAPTURE(sequence);
        CHECK(walk.is_right);
        CHECK(walk.missing_count == 1);
        const auto error = journal->read(sequence, 1000);
        REQUIRE_FALSE(error);
        CHECK(error.error().code == ErrorCode::malformed);
        CHECK(error.error().detail.find("event " + std::to_string(sequence)) != std::string::npos);
        CHECK(journal->next_readable(sequence).value() == sequence + 1);
    }
}

TEST_CASE("a file that was cut short anywhere gives no wrong event and no uncounted loss") {
    const Quiet quiet;
    const auto files = make_files();
    const StoreFolder folder;
    Outcome outcome;
    for (const auto* name : file_names) {
        const auto& bytes = files.bytes.at(name);
        // Pages, and frames of the log: their heads, borders and middles.
        for (std::size_t size = 0; size < bytes.size(); size += size < 200 ? 7 : 509) {
            files.write(folder);
            tests::write_file(folder.file(name), bytes.substr(0, size));
            CAPTURE(name, size);
            examine(folder, files, true, outcome);
        }
        files.write(folder);
        std::filesystem::remove(folder.file(name));
        CAPTURE(name);
        examine(folder, files, true, outcome);
    }
    CHECK(outcome.with_gaps > 100);
}

TEST_CASE("when the end of the log is lost, its events count as lost and their numbers stay used") {
    const Quiet quiet;
    const auto files = make_files();
    const StoreFolder folder;
    files.write(folder);
    std::filesystem::remove(folder.file("node.db-wal"));
    const auto database = Database::open(folder.file(), mesh::Sync::normal).value();
    const auto journal = Journal::open(*database, {}).value();
    const auto lost = journal->lost_count();
    CHECK(lost > 0);
    CHECK(journal->last() == files.event_count);
    CHECK(journal->next_readable(files.event_count - lost + 1).value() == files.event_count + 1);
    JournalEvents events;
    REQUIRE(journal->append(events.make(files.event_count + 1, 3)));
    CHECK(tests::walk(*journal, journal->first()).missing_count == lost);
    CHECK(journal->next_readable(files.event_count - lost + 1).value() == files.event_count + 1);
}
