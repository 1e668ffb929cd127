#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/result.hpp"
#include "mesh/event/event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mesh {

/// One event as it lies in the publisher's log and in batches: the same bytes in both, so that a
/// batch is a copy of a stretch of the log. Layout: docs/wire_format.md, "Event record".
/// The sequence is not in it: each record is one more than the record before.
struct EventRecord {
    std::uint16_t topic = 0;         ///< a number that the session defined
    std::uint32_t time_delta_us = 0; ///< since the record before
    std::string_view key;
    std::string_view content_type; ///< empty: default_content_type
    Bytes headers;                 ///< msgpack, a map of text to text; empty: none
    std::optional<Cause> cause;
    Bytes payload;        ///< as it travels
    bool is_once = false; ///< of level `once`: who handles it commits its place with the effects

    /// The key slot of an event without a key, when one was chosen for it; below 64.
    std::optional<std::uint8_t> slot = {};

    bool is_compressed = false; ///< `payload` is what a Compressor made of it
};

/// How many bytes `encode` writes.
std::size_t encoded_size(const EventRecord& record);

/// Writes the record to `at`, which has room for `encoded_size(record)` bytes. The sizes are
/// within the bounds of mesh/event/event.hpp: the caller has checked them.
void encode(const EventRecord& record, std::byte* at);

/// A record of which there are most: nothing but a payload of less than 256 bytes, perhaps of
/// another content type and with a cause that took no loop, less than 65,536 microseconds after the
/// one before. The same bytes as of an EventRecord, in fewer steps.
struct PlainRecord {
    std::uint16_t topic = 0;
    std::uint16_t time_delta_us = 0;
    std::string_view content_type; ///< empty: default_content_type
    const Cause* cause;            ///< null: none
    Bytes payload;

    static constexpr std::size_t payload_size_bytes_max = 255;
    static constexpr std::size_t cause_size_bytes = 16 + 4 + 8 + 16 + 2 + 1 + 1;

    std::size_t size_bytes() const {
        return 1 + 2 + 2 + 1 + payload.size() +
               (content_type.empty() ? 0 : 1 + content_type.size()) +
               (cause == nullptr ? 0 : cause_size_bytes);
    }

    /// To `at`, which has room for `size_bytes()`.
    void encode(std::byte* at) const;
};

/// The time that a record adds, read from its bytes, which `encode` wrote.
std::uint32_t time_delta_us(Bytes record);

/// The key of a record, read from its bytes, which `encode` wrote; views them.
std::string_view key_of(Bytes record);

/// The slot of an event without a key, if one was chosen, read from bytes that `encode` wrote.
std::optional<std::uint8_t> chosen_slot(Bytes record);

/// Stands in a batch for `count` events that the receiver did not ask for, or that are gone.
struct SkipRecord {
    std::uint32_t count = 0;
    std::uint32_t time_delta_us = 0; ///< what the skipped records would have added
};

inline constexpr std::size_t skip_record_size_bytes = 9;

void encode(const SkipRecord& record, std::byte* at);

} // namespace mesh
