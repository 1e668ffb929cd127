#pragma once

#include "mesh/base/result.hpp"
#include "mesh/store/database.hpp"
#include "mesh/store/journal_mark.hpp"
#include "mesh/store/journal_options.hpp"
#include "mesh/store/journal_row.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// Events read from a journal, in order and without holes. Owns their bytes.
struct JournalStretch {
    std::vector<StoredEvent> events;
    std::vector<std::vector<std::byte>> rows; ///< what the events view
};

/// A publisher's durable events: sequences from 1 on, without holes, none ever used twice, whatever
/// is trimmed and whatever dies. Lives in a Database, whose owner guards it and which outlives it.
/// What is damaged on disk is found by checksums and never comes out as an event.
class Journal {
public:
    /// Opens the journal of the database, and makes one when it has none.
    /// Errors: `malformed` when neither the database nor the mark beside it says which journal it
    /// is, and those of the database.
    static Result<std::unique_ptr<Journal>> open(Database& database, const JournalOptions& options);

    /// Names the journal for good; drawn when it is made.
    std::uint64_t id() const { return id_; }

    /// The oldest sequence that is not trimmed; `last() + 1` when there is none.
    std::uint64_t first() const { return state_.trimmed_to + 1; }

    /// The newest sequence; 0 in a new journal.
    std::uint64_t last() const { return state_.last; }

    /// Of the newest event; 0 without one.
    std::uint64_t last_time_us() const { return state_.last_time_us; }

    /// What the rows take; the file is somewhat larger, and keeps the room of trimmed rows.
    std::uint64_t size_bytes() const { return state_.size_end - state_.size_begin; }

    /// Events at the end that were stored and are gone: the file, or its log, lost them.
    std::uint64_t lost_count() const { return lost_count_; }

    /// Names of the topics by number.
    const std::map<std::uint16_t, std::string>& topics() const { return topics_; }

    /// Gives a number a name; no event of another name under that number may be left. It is stored
    /// with the next append.
    void add_topic(std::string_view name, std::uint16_t number);

    /// Up to where a journal that refuses when it is full takes events: new ones to its bounds, and
    /// those with a cause, which end work that has begun, to half as much again.
    enum class Room { of_new_work, of_begun_work };

    /// Stores the events, one row a group, in the running transaction if there is one, else in one
    /// of its own; on success they are as safe as that is. All or none.
    /// Errors: `limit` when it is full and refuses, or an event is too large; `invalid` when the
    /// first sequence is not `last() + 1`, there is a hole, or a topic has no name; those of the
    /// database.
    Result<void> append(std::span<const StoredEvent> events, Room room = Room::of_new_work);

    /// The events from a sequence on, as many as are intact and fit into `size_bytes_max` bytes of
    /// records, at least one; none behind `last()`.
    /// Errors: `limit` when `from` is trimmed, `malformed` when that very event is damaged, each
    /// naming the sequence (`next_readable` says where to go on); those of the database.
    Result<JournalStretch> read(std::uint64_t from, std::size_t size_bytes_max);

    /// The first sequence from `from` on that can be read; `last() + 1` when there is none. What
    /// lies between is a gap, to be counted. Errors: those of the database.
    Result<std::uint64_t> next_readable(std::uint64_t from);

    /// The first sequence whose event is of that time or later; `last() + 1` when there is none.
    /// Errors: those of the database.
    Result<std::uint64_t> sequence_at(std::uint64_t time_us);

    struct Trimmed {
        std::uint64_t first = 0; ///< the sequences that went; none when `last` is less
        std::uint64_t last = 0;
        bool is_more = false; ///< there is more to trim: call again
    };

    /// Drops whole rows from the front: those that everybody has acknowledged (up to
    /// `until_sequence`) and that need not be kept, those that are too old, and, if the journal
    /// trims when full, those beyond the bounds on count and size. At most 1,024 rows a call.
    Result<Trimmed> trim(std::uint64_t now_us, std::uint64_t until_sequence);

private:
    struct State {
        std::uint64_t trimmed_to = 0;
        std::uint64_t last = 0;
        std::uint64_t last_time_us = 0;
        std::uint64_t size_begin = 0; ///< bytes of all rows ever, before the first one here
        std::uint64_t size_end = 0;   ///< and with the last one
    };

    struct Found {
        std::uint64_t sequence;
        std::uint64_t time_us;
    };

    Journal(Database& database, const JournalOptions& options);

    Result<bool> load_identity();
    Result<bool> holds_nothing();
    Result<void> load_topics();
    Result<void> load_ends(bool has_mark);
    Result<std::uint64_t> load_last(bool has_mark);
    void load_size_begin();
    Result<void> save_identity();

    Result<void> check(std::span<const StoredEvent> events, Room room) const;
    Result<void> save_topics();
    Result<void> insert_row(std::span<const StoredEvent> events);
    void keep_at_end(const State& before);
    bool is_kept(const RowHead& row) const;
    bool is_trimmable(const RowHead& row, std::uint64_t now_us, std::uint64_t until) const;

    Error missing(std::uint64_t sequence) const;
    Result<std::optional<Found>> find_intact(std::uint64_t from);
    Result<std::optional<Found>> find_readable(std::uint64_t from);

    Database& database_;
    JournalOptions options_;
    JournalMark mark_;
    std::uint64_t id_ = 0;
    std::uint64_t lost_count_ = 0;
    State state_;
    std::map<std::uint16_t, std::string> topics_;
    std::set<std::uint16_t> unsaved_topics_;
};

} // namespace mesh
