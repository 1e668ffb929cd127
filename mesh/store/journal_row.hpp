#pragma once

#include "mesh/base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace mesh {

/// One event of a journal. `record` holds the bytes of mesh/wire/event_record.hpp; here they are
/// opaque.
struct StoredEvent {
    std::uint64_t sequence = 0;
    std::uint64_t time_us = 0; ///< Unix epoch; never falls from one event to the next
    std::uint16_t topic = 0;   ///< a number that the journal has a name for
    Bytes record;
};

/// A row holds at most so many events, and at most so many bytes of them; a larger event has a row
/// of its own. So what one flipped bit can cost, and what must be read for one event, is bounded.
inline constexpr std::size_t row_events_max = 1024;
inline constexpr std::size_t row_size_bytes_max = 256 * 1024;

/// Largest record: a payload of 1 MiB with all that may go with it.
inline constexpr std::size_t stored_record_size_bytes_max = 2 * 1024 * 1024;

/// What a row costs beside its two blobs, about: for the bound on the size.
inline constexpr std::size_t row_overhead_bytes = 32;

/// What the head of a row says of its events.
struct RowHead {
    std::uint64_t first = 0;
    std::uint32_t count = 0;
    std::uint64_t first_time_us = 0;
    std::uint64_t last_time_us = 0;
    std::uint64_t size_before_bytes = 0; ///< of all rows ever written before this one
    std::uint64_t size_bytes = 0;        ///< of this one, overhead included

    std::uint64_t last() const { return first + count - 1; }
};

/// A row as bytes: the head with the size of each event, and the events, each with a checksum over
/// all of it. The sizes stand in both, so that behind a damaged event the next one is found.
/// `journal` is the journal's id: the checksums are bound to it. Layout: docs/journal.md.
struct RowBytes {
    std::vector<std::byte> head;
    std::vector<std::byte> events;
};

RowBytes encode_row(std::span<const StoredEvent> events, std::uint64_t size_before_bytes,
                    std::uint64_t journal);

/// How many bytes of row the event takes.
std::size_t encoded_size(const StoredEvent& event);

/// The head, or nothing when it is damaged.
std::optional<RowHead> decode_head(Bytes head, std::uint64_t journal);

/// The events of a row whose checksum is right, in order of their sequences; views of `events`.
/// Damaged ones are missing.
std::vector<StoredEvent> intact_events(Bytes head, Bytes events, std::uint64_t journal);

} // namespace mesh
