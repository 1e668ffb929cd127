#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/result.hpp"
#include "mesh/wire/event_record.hpp"
#include "mesh/wire/record_flags.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

namespace mesh {

/// Reads the records of a batch one by one. The views point into the batch.
class RecordReader {
public:
    /// `body` is what follows a batch's header; the times count from `base_time_us`, the
    /// sequences from `base_sequence`.
    RecordReader(Bytes body, std::uint64_t base_sequence, std::uint64_t base_time_us)
        : rest_(body), sequence_(base_sequence), time_us_(base_time_us) {}

    /// The next event, or nothing at the end of the batch. Errors: `malformed` for bytes that are
    /// no record; nothing after it can be read.
    Result<std::optional<EventRecord>> next();

    enum class Read : std::uint8_t { event, end, malformed };

    /// The same, into a record that is used again and again: for those who read many. Only after
    /// `event` it holds one; after `malformed`, `malformed_error` says what `next` would.
    Read read(EventRecord& record) {
        // Most records have nothing but a payload and perhaps a content type: these are read here,
        // without looking for what they do not have, and by whoever reads many, so that what is
        // written to the record need not be read from memory again.
        const auto type_at = plain_head_size_bytes + 1;
        if (rest_.size() <= type_at)
            return read_other(record);
        const auto* const at = rest_.data();
        const bool has_type = at[0] == std::byte{record_flags::has_content_type};
        if (!has_type && at[0] != std::byte{0})
            return read_other(record);
        const std::size_t type_size =
            has_type ? std::to_integer<std::uint8_t>(at[plain_head_size_bytes]) : 0;
        const auto payload_at = plain_head_size_bytes + (has_type ? 1 : 0) + type_size;
        const std::size_t payload_size =
            std::to_integer<std::uint8_t>(at[plain_head_size_bytes - 1]);
        if (rest_.size() < payload_at + payload_size)
            return read_other(record);
        take_plain(record, payload_at + payload_size);
        record.content_type = {reinterpret_cast<const char*>(at) + payload_at - type_size,
                               type_size};
        record.cause.reset();
        record.payload = {at + payload_at, payload_size};
        return Read::event;
    }

    Error malformed_error() const;

    /// Of the event that `next` returned last.
    std::uint64_t sequence() const { return sequence_; }

    /// Of the event that `next` returned last; microseconds since the Unix epoch.
    std::uint64_t time_us() const { return time_us_; }

    /// How many bytes the event that `next` returned last takes: what credit counts.
    std::size_t record_size_bytes() const { return record_size_bytes_; }

private:
    /// Flags, topic, time, size of the payload.
    static constexpr std::size_t plain_head_size_bytes = 1 + 2 + 2 + 1;

    /// What plain records have in common, and that it is read.
    void take_plain(EventRecord& record, std::size_t size_bytes) {
        std::uint16_t delta_us = 0;
        std::memcpy(&record.topic, rest_.data() + 1, sizeof record.topic);
        std::memcpy(&delta_us, rest_.data() + 3, sizeof delta_us);
        record.time_delta_us = delta_us;
        record.key = {};
        record.headers = {};
        record.is_once = false;
        record.slot.reset();
        record.is_compressed = false;
        record_size_bytes_ = size_bytes;
        rest_ = rest_.subspan(size_bytes);
        ++sequence_;
        time_us_ += delta_us;
    }

    Read read_other(EventRecord& record);
    Read read_any(EventRecord& record);
    Read end_early();

    Bytes rest_;
    std::uint64_t sequence_;
    std::uint64_t time_us_;
    std::size_t record_size_bytes_ = 0;
    std::size_t malformed_size_bytes_ = 0; ///< where it gave up
};

} // namespace mesh
