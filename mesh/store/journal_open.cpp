#include "mesh/base/log.hpp"
#include "mesh/base/node_id.hpp"
#include "mesh/store/checksum.hpp"
#include "mesh/store/journal.hpp"

#include <algorithm>
#include <cstring>

namespace mesh {

namespace {

std::uint32_t identity_checksum(std::uint64_t id, std::uint64_t trimmed_to) {
    return Checksum(id).add(trimmed_to).value();
}

std::uint64_t random_id() {
    const auto random = NodeId::random();
    std::uint64_t id = 0;
    std::memcpy(&id, random.bytes.data(), sizeof id);
    return std::max<std::uint64_t>(id, 1);
}

} // namespace

Journal::Journal(Database& database, const JournalOptions& options)
    : database_(database), options_(options), mark_(database.path() + "-mark") {}

Result<std::unique_ptr<Journal>> Journal::open(Database& database, const JournalOptions& options) {
    std::unique_ptr<Journal> journal(new Journal(database, options));
    const auto has_mark = journal->load_identity();
    if (!has_mark)
        return tl::unexpected(has_mark.error());
    if (auto loaded = journal->load_topics(); !loaded)
        return tl::unexpected(loaded.error());
    if (auto loaded = journal->load_ends(*has_mark); !loaded)
        return tl::unexpected(loaded.error());
    return journal;
}

/// Whether the mark belongs to this journal. Sets the id, and how far both of them say it came.
Result<bool> Journal::load_identity() {
    const auto mark = mark_.read();
    auto rows = database_.statement(
        "SELECT id, trimmed_to, checksum FROM dagmesh_journal_state WHERE number = 1");
    const auto row = rows.step();
    if (!row)
        return tl::unexpected(row.error());
    if (*row && rows.number(2) == identity_checksum(rows.number(0), rows.number(1))) {
        id_ = rows.number(0);
        state_.trimmed_to = rows.number(1);
        // The mark of another journal says nothing about this one.
        if (!mark || mark->journal != id_)
            return false;
        state_.last = mark->last;
        return true;
    }
    if (mark) {
        id_ = mark->journal;
        state_.trimmed_to = mark->trimmed_to;
        state_.last = mark->last;
    } else if (const auto is_empty = holds_nothing(); !is_empty) {
        return tl::unexpected(is_empty.error());
    } else if (!*is_empty) {
        return fail(ErrorCode::malformed,
                    database_.path() +
                        ": expected the row that names the journal, found it missing "
                        "or damaged, and no mark beside the file");
    } else {
        id_ = random_id();
    }
    if (auto saved = save_identity(); !saved)
        return tl::unexpected(saved.error());
    return mark.has_value();
}

Result<bool> Journal::holds_nothing() {
    auto rows = database_.statement("SELECT NOT EXISTS(SELECT 1 FROM dagmesh_journal) AND "
                                    "NOT EXISTS(SELECT 1 FROM dagmesh_journal_state)");
    const auto row = rows.step();
    if (!row)
        return tl::unexpected(row.error());
    return rows.integer(0) != 0;
}

Result<void> Journal::save_identity() {
    return database_
        .statement("INSERT OR REPLACE INTO dagmesh_journal_state VALUES(1, ?, ?, ?)", id_,
                   state_.trimmed_to, identity_checksum(id_, state_.trimmed_to))
        .run();
}

Result<void> Journal::load_topics() {
    auto rows = database_.statement("SELECT number, name, checksum FROM dagmesh_topics");
    for (;;) {
        const auto row = rows.step();
        if (!row)
            return tl::unexpected(row.error());
        if (!*row)
            return {};
        const auto number = rows.number(0);
        const auto name = rows.text(1);
        // The events of a damaged one count as damaged: nobody can say what they are.
        if (number > std::numeric_limits<std::uint16_t>::max() ||
            rows.number(2) != Checksum(id_).add(number).add(name).value())
            log(LogLevel::warning, database_.path() + ": the name of topic number " +
                                       std::to_string(number) + " is damaged");
        else
            topics_[static_cast<std::uint16_t>(number)] = name;
    }
}

Result<void> Journal::load_ends(bool has_mark) {
    const auto stored_last = load_last(has_mark);
    if (!stored_last)
        return tl::unexpected(stored_last.error());
    load_size_begin();
    if (state_.last > *stored_last) {
        lost_count_ = state_.last - *stored_last;
        log(LogLevel::error, database_.path() + ": events " + std::to_string(*stored_last + 1) +
                                 " to " + std::to_string(state_.last) +
                                 " were stored and are gone: the file or its log is damaged");
    }
    state_.last = std::max(state_.last, *stored_last);
    mark_.write({id_, state_.last, state_.trimmed_to});
    return {};
}

/// The last sequence that the rows hold. Sets its time and the size up to there.
Result<std::uint64_t> Journal::load_last(bool has_mark) {
    std::uint64_t last = state_.trimmed_to;
    auto rows =
        database_.statement("SELECT head, events FROM dagmesh_journal ORDER BY first DESC LIMIT 4");
    for (bool is_first = true;; is_first = false) {
        const auto row = rows.step();
        if (!row && !(has_mark && row.error().code == ErrorCode::malformed))
            return tl::unexpected(row.error());
        if (!row || !*row)
            return last;
        const auto head = decode_head(rows.bytes(0), id_);
        const auto events = intact_events(rows.bytes(0), rows.bytes(1), id_);
        if (head && head->last() > last) {
            last = head->last();
            state_.last_time_us = head->last_time_us;
            state_.size_end = head->size_before_bytes + head->size_bytes;
        } else if (!events.empty() && events.back().sequence > last) {
            last = events.back().sequence;
            state_.last_time_us = events.back().time_us;
        } else if (is_first && !head && events.empty() && !has_mark) {
            // To guess here would be to use sequences again.
            return fail(ErrorCode::malformed, database_.path() +
                                                  ": the newest row of the journal is damaged, and "
                                                  "no mark beside the file says how far it went");
        }
    }
}

/// Only for the bound on the size: a few damaged rows at the beginning are passed over.
void Journal::load_size_begin() {
    state_.size_begin = state_.size_end;
    auto rows = database_.statement("SELECT head FROM dagmesh_journal ORDER BY first LIMIT 16");
    for (auto row = rows.step(); row && *row; row = rows.step()) {
        const auto head = decode_head(rows.bytes(0), id_);
        if (!head)
            continue;
        state_.size_begin = std::min(head->size_before_bytes, state_.size_end);
        return;
    }
}

} // namespace mesh
