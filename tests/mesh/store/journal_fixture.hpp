#pragma once

#include "mesh/store/journal.hpp"
#include "tests/mesh/store/journal_events.hpp"
#include "tests/mesh/store/store_folder.hpp"
#include "tests/support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace tests {

using mesh::Database;
using mesh::Journal;
using mesh::JournalOptions;
using mesh::Result;

/// A journal in a file, which can be closed and opened again.
struct JournalFixture {
    StoreFolder folder;
    JournalOptions options;
    std::unique_ptr<Database> database;
    std::unique_ptr<Journal> journal;
    JournalEvents events;

    explicit JournalFixture(JournalOptions with = {.kept_size_bytes_max = 0}) : options(with) {
        open();
    }

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

inline std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> sequences;
    for (auto sequence = first; sequence <= last; ++sequence)
        sequences.push_back(sequence);
    return sequences;
}

} // namespace tests
