// RecordReader: bytes that nobody vouches for, to events.

#include "mesh/wire/record_reader.hpp"

#include "mesh/wire/little_endian.hpp"
#include "mesh/wire/record_flags.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace mesh {

using namespace record_flags;

namespace {

Cause take_cause(LittleEndianReader& reader) {
    Cause cause;
    const auto take_id = [&](std::array<std::byte, 16>& id) {
        const Bytes bytes = reader.take_bytes(id.size());
        if (bytes.size() == id.size())
            std::memcpy(id.data(), bytes.data(), id.size());
    };
    take_id(cause.event.source.bytes);
    cause.event.incarnation = reader.take<std::uint32_t>();
    cause.event.sequence = reader.take<std::uint64_t>();
    take_id(cause.trace);
    cause.rank = reader.take<std::uint16_t>();
    cause.chain = reader.take<std::uint8_t>();
    cause.rounds = reader.take<std::uint8_t>();
    if (cause.rounds > 0)
        cause.path = text_of(reader.take_bytes(reader.take<std::uint16_t>()));
    return cause;
}

} // namespace

Result<std::optional<EventRecord>> RecordReader::next() {
    EventRecord record;
    switch (read(record)) {
    case Read::event:
        return std::optional(record);
    case Read::end:
        return std::optional<EventRecord>();
    case Read::malformed:
        break;
    }
    return tl::unexpected(malformed_error());
}

Error RecordReader::malformed_error() const {
    return {ErrorCode::malformed, "expected an event record, got " +
                                      std::to_string(malformed_size_bytes_) +
                                      " bytes that are none"};
}

RecordReader::Read RecordReader::end_early() {
    malformed_size_bytes_ = rest_.size();
    rest_ = {};
    return Read::malformed;
}

/// A record with a cause that has no path is what handlers emit: read in few steps, too.
RecordReader::Read RecordReader::read_other(EventRecord& record) {
    if (rest_.size() <= plain_head_size_bytes)
        return read_any(record);
    const auto* const at = rest_.data();
    const auto flags = std::to_integer<std::uint8_t>(at[0]);
    if ((flags & ~has_content_type) != has_cause)
        return read_any(record);
    const bool has_type = (flags & has_content_type) != 0;
    const std::size_t type_size =
        has_type ? std::to_integer<std::uint8_t>(at[plain_head_size_bytes]) : 0;
    const auto cause_at = plain_head_size_bytes + (has_type ? 1 : 0) + type_size;
    const auto payload_at = cause_at + PlainRecord::cause_size_bytes;
    const std::size_t payload_size = std::to_integer<std::uint8_t>(at[plain_head_size_bytes - 1]);
    if (rest_.size() < payload_at + payload_size || at[payload_at - 1] != std::byte{0}) // rounds
        return read_any(record);
    LittleEndianReader cause(rest_.subspan(cause_at, PlainRecord::cause_size_bytes));
    record.cause = take_cause(cause);
    record.content_type = {reinterpret_cast<const char*>(at) + cause_at - type_size, type_size};
    record.payload = {at + payload_at, payload_size};
    take_plain(record, payload_at + payload_size);
    return Read::event;
}

RecordReader::Read RecordReader::read_any(EventRecord& record) {
    while (!rest_.empty()) {
        LittleEndianReader reader(rest_);
        const auto flags = reader.take<std::uint8_t>();
        if (flags == is_skip) {
            sequence_ += reader.take<std::uint32_t>();
            time_us_ += reader.take<std::uint32_t>();
            if (reader.is_short())
                return end_early();
            rest_ = reader.rest();
            continue;
        }
        record.is_compressed = (flags & is_compressed) == is_compressed;
        if ((flags & is_skip) != 0 && !record.is_compressed)
            return end_early();
        record.is_once = (flags & is_once) != 0;
        record.topic = reader.take<std::uint16_t>();
        record.time_delta_us = (flags & has_wide_time) != 0 ? reader.take<std::uint32_t>()
                                                            : reader.take<std::uint16_t>();
        const std::size_t payload_size = (flags & has_wide_size) != 0 ? reader.take<std::uint32_t>()
                                                                      : reader.take<std::uint8_t>();
        bool is_key = true;
        record.key = {};
        record.slot.reset();
        if ((flags & has_key) != 0) {
            const auto field = reader.take<std::uint16_t>();
            record.key = text_of(reader.take_bytes(field & key_size_mask));
            if (record.key.empty())
                record.slot = static_cast<std::uint8_t>(field >> slot_shift);
            else
                is_key = field <= key_size_mask;
        }
        record.content_type = {};
        if ((flags & has_content_type) != 0)
            record.content_type = text_of(reader.take_bytes(reader.take<std::uint8_t>()));
        record.headers = {};
        if ((flags & has_headers) != 0)
            record.headers = reader.take_bytes(reader.take<std::uint16_t>());
        record.cause.reset();
        if ((flags & has_cause) != 0)
            record.cause = take_cause(reader);
        record.payload = reader.take_bytes(payload_size);
        if (reader.is_short() || !is_key || record.key.size() > key_size_bytes_max ||
            record.headers.size() > headers_size_bytes_max ||
            (record.cause && record.cause->path.size() > path_size_bytes_max) ||
            record.payload.size() > payload_size_bytes_max)
            return end_early();
        record_size_bytes_ = rest_.size() - reader.rest().size();
        rest_ = reader.rest();
        ++sequence_;
        time_us_ += record.time_delta_us;
        return Read::event;
    }
    return Read::end;
}

} // namespace mesh
