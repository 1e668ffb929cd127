#include "mesh/store/journal_row.hpp"

#include "mesh/store/checksum.hpp"

#include <bit>
#include <cassert>
#include <cstring>

namespace mesh {

namespace {

static_assert(std::endian::native == std::endian::little, "rows are read and written in place");

// checksum, size of the record, sequence, time, topic
constexpr std::size_t event_overhead_bytes = 4 + 4 + 8 + 8 + 2;
// first, count, first time, last time, size before, size; then the sizes, then the checksum
constexpr std::size_t head_fixed_bytes = 8 + 4 + 8 + 8 + 8 + 8;
constexpr std::size_t checksum_bytes = 4;

template <class T>
void put(std::vector<std::byte>& to, T value) {
    const auto at = to.size();
    to.resize(at + sizeof value);
    std::memcpy(to.data() + at, &value, sizeof value);
}

/// The number at `offset`, which the caller knows to lie inside.
template <class T>
T take(Bytes from, std::size_t offset) {
    T value;
    std::memcpy(&value, from.data() + offset, sizeof value);
    return value;
}

/// Of an event, from its size on.
std::uint32_t checksum_of(Bytes event, std::uint64_t journal) {
    return Checksum(journal).add_bare(event).value();
}

std::uint32_t checksum_of_head(Bytes head, std::uint64_t journal) {
    return Checksum(journal).add(head).value();
}

/// The event that begins at `offset` and has a record of `size` bytes, if it is intact.
std::optional<StoredEvent> event_at(Bytes events, std::size_t offset, std::size_t size,
                                    std::uint64_t journal) {
    if (offset > events.size() || events.size() - offset < event_overhead_bytes ||
        events.size() - offset - event_overhead_bytes < size)
        return std::nullopt;
    const auto covered = events.subspan(offset + 4, event_overhead_bytes - 4 + size);
    if (take<std::uint32_t>(events, offset) != checksum_of(covered, journal))
        return std::nullopt;
    return StoredEvent{.sequence = take<std::uint64_t>(events, offset + 8),
                       .time_us = take<std::uint64_t>(events, offset + 16),
                       .topic = take<std::uint16_t>(events, offset + 24),
                       .record = events.subspan(offset + event_overhead_bytes, size)};
}

} // namespace

std::size_t encoded_size(const StoredEvent& event) {
    return event_overhead_bytes + sizeof(std::uint32_t) + event.record.size();
}

RowBytes encode_row(std::span<const StoredEvent> events, std::uint64_t size_before_bytes,
                    std::uint64_t journal) {
    assert(!events.empty());
    RowBytes row;
    std::size_t events_size = 0;
    for (const auto& event : events)
        events_size += event_overhead_bytes + event.record.size();
    row.events.reserve(events_size);
    for (const auto& event : events) {
        const auto at = row.events.size();
        put(row.events, std::uint32_t{0}); // the checksum, once the rest is there
        put(row.events, static_cast<std::uint32_t>(event.record.size()));
        put(row.events, event.sequence);
        put(row.events, event.time_us);
        put(row.events, event.topic);
        row.events.insert(row.events.end(), event.record.begin(), event.record.end());
        const auto sum = checksum_of(Bytes(row.events).subspan(at + 4), journal);
        std::memcpy(row.events.data() + at, &sum, sizeof sum);
    }
    const auto head_size =
        head_fixed_bytes + events.size() * sizeof(std::uint32_t) + checksum_bytes;
    row.head.reserve(head_size);
    put(row.head, events.front().sequence);
    put(row.head, static_cast<std::uint32_t>(events.size()));
    put(row.head, events.front().time_us);
    put(row.head, events.back().time_us);
    put(row.head, size_before_bytes);
    put(row.head, std::uint64_t{head_size + events_size + row_overhead_bytes});
    for (const auto& event : events)
        put(row.head, static_cast<std::uint32_t>(event.record.size()));
    put(row.head, checksum_of_head(row.head, journal));
    return row;
}

std::optional<RowHead> decode_head(Bytes head, std::uint64_t journal) {
    if (head.size() < head_fixed_bytes + sizeof(std::uint32_t) + checksum_bytes)
        return std::nullopt;
    const auto covered = head.first(head.size() - checksum_bytes);
    if (take<std::uint32_t>(head, covered.size()) != checksum_of_head(covered, journal))
        return std::nullopt;
    const RowHead decoded{.first = take<std::uint64_t>(head, 0),
                          .count = take<std::uint32_t>(head, 8),
                          .first_time_us = take<std::uint64_t>(head, 12),
                          .last_time_us = take<std::uint64_t>(head, 20),
                          .size_before_bytes = take<std::uint64_t>(head, 28),
                          .size_bytes = take<std::uint64_t>(head, 36)};
    if (decoded.count == 0 ||
        covered.size() != head_fixed_bytes + std::size_t{decoded.count} * sizeof(std::uint32_t))
        return std::nullopt;
    return decoded;
}

std::vector<StoredEvent> intact_events(Bytes head, Bytes events, std::uint64_t journal) {
    std::vector<StoredEvent> intact;
    const auto decoded = decode_head(head, journal);
    // Without the head the events' own sizes lead from one to the next.
    const std::size_t count = decoded ? decoded->count : row_events_max;
    intact.reserve(decoded ? count : 0);
    std::size_t offset = 0;
    for (std::size_t i = 0; i < count && offset + event_overhead_bytes <= events.size(); ++i) {
        const std::size_t size =
            decoded ? take<std::uint32_t>(head, head_fixed_bytes + i * sizeof(std::uint32_t))
                    : take<std::uint32_t>(events, offset + 4);
        const auto event = event_at(events, offset, size, journal);
        if (event && (intact.empty() || event->sequence > intact.back().sequence))
            intact.push_back(*event);
        offset += event_overhead_bytes + size;
    }
    return intact;
}

} // namespace mesh
