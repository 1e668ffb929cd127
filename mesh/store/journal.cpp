#include "mesh/store/journal.hpp"

#include "mesh/store/checksum.hpp"

#include <algorithm>

namespace mesh {

void Journal::add_topic(std::string_view name, std::uint16_t number) {
    topics_[number] = name;
    unsaved_topics_.insert(number);
}

Result<void> Journal::append(std::span<const StoredEvent> events, Room room) {
    if (events.empty())
        return {};
    if (auto fine = check(events, room); !fine)
        return fine;
    return database_.transaction([&]() -> Result<void> {
        keep_at_end(state_);
        if (auto saved = save_topics(); !saved)
            return saved;
        while (!events.empty()) {
            std::size_t count = 0;
            for (std::size_t size = 0; count < events.size() && count < row_events_max; ++count) {
                size += encoded_size(events[count]);
                if (count > 0 && size > row_size_bytes_max)
                    break;
            }
            if (auto inserted = insert_row(events.first(count)); !inserted)
                return inserted;
            events = events.subspan(count);
        }
        return {};
    });
}

Result<void> Journal::check(std::span<const StoredEvent> events, Room room) const {
    std::uint64_t expected = state_.last + 1;
    std::uint64_t size = row_overhead_bytes;
    for (const auto& event : events) {
        if (event.sequence != expected)
            return fail(ErrorCode::invalid, "expected sequence " + std::to_string(expected) +
                                                ", got " + std::to_string(event.sequence));
        if (!topics_.contains(event.topic))
            return fail(ErrorCode::invalid,
                        "expected a topic with a name, got number " + std::to_string(event.topic));
        if (event.record.size() > stored_record_size_bytes_max)
            return fail(ErrorCode::limit, "expected a record of at most " +
                                              std::to_string(stored_record_size_bytes_max) +
                                              " bytes, got " + std::to_string(event.record.size()));
        size += encoded_size(event);
        ++expected;
    }
    if (options_.full == WhenFull::trim)
        return {};
    const auto reserve = [&](std::uint64_t bound) {
        return room == Room::of_begun_work ? bound / 2 : 0;
    };
    const auto count = last() + 1 - first();
    const auto count_more = expected - first() - std::min(expected - first(), options_.count_max);
    if (count_more > reserve(options_.count_max))
        return fail(ErrorCode::limit,
                    database_.path() + ": the journal is full: " + std::to_string(count) +
                        " events of at most " + std::to_string(options_.count_max));
    const auto size_after = size_bytes() + size;
    if (size_after - std::min(size_after, options_.size_bytes_max) >
        reserve(options_.size_bytes_max))
        return fail(ErrorCode::limit,
                    database_.path() + ": the journal is full: " + std::to_string(size_bytes()) +
                        " bytes of at most " + std::to_string(options_.size_bytes_max));
    return {};
}

Result<void> Journal::save_topics() {
    for (const auto number : unsaved_topics_) {
        const auto& name = topics_[number];
        if (auto saved = database_
                             .statement("INSERT OR REPLACE INTO dagmesh_topics VALUES(?, ?, ?)",
                                        number, std::string_view(name),
                                        Checksum(id_).add(std::uint64_t{number}).add(name).value())
                             .run();
            !saved)
            return saved;
    }
    return {};
}

Result<void> Journal::insert_row(std::span<const StoredEvent> events) {
    const auto row = encode_row(events, state_.size_end, id_);
    // A row can be in the way only if its own key is damaged: its events are not in order anyway.
    auto inserted = database_
                        .statement("INSERT OR REPLACE INTO dagmesh_journal VALUES(?, ?, ?)",
                                   events.front().sequence, Bytes(row.head), Bytes(row.events))
                        .run();
    if (!inserted)
        return inserted;
    state_.last = events.back().sequence;
    state_.last_time_us = events.back().time_us;
    state_.size_end += row.head.size() + row.events.size() + row_overhead_bytes;
    return {};
}

void Journal::keep_at_end(const State& before) {
    database_.at_end([this, before, topics = unsaved_topics_](bool is_kept) {
        if (!is_kept) {
            state_ = before;
            return;
        }
        for (const auto number : topics)
            unsaved_topics_.erase(number);
        mark_.write({id_, state_.last, state_.trimmed_to});
    });
}

} // namespace mesh
