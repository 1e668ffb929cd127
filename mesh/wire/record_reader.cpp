// RecordReader: bytes that nobody vouches for, to events.

#include "mesh/wire/event_record.hpp"
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

RecordReader::Read RecordReader::read(EventRecord& record) {
    // Most records have nothing but a payload and perhaps a content type and a cause without a
    // path: these are read without looking for what they do not have.
    constexpr std::size_t head_size = 1 + 2 + 2 + 1;
    if (rest_.size() <= head_size)
        return read_any(record);
    const auto* const at = rest_.data();
    const auto flags = std::to_integer<std::uint8_t>(at[0]);
    if ((flags & ~(has_content_type | has_cause)) != 0)
        return read_any(record);
    const std::size_t payload_size = std::to_integer<std::uint8_t>(at[head_size - 1]);
    const bool has_type = (flags & has_content_type) != 0;
    const std::size_t type_size = has_type ? std::to_integer<std::uint8_t>(at[head_size]) : 0;
    const std::size_t type_at = head_size + (has_type ? 1 : 0);
    const std::size_t cause_at = type_at + type_size;
    const bool is_caused = (flags & has_cause) != 0;
    const std::size_t payload_at = cause_at + (is_caused ? PlainRecord::cause_size_bytes : 0);
    const auto size = payload_at + payload_size;
    if (rest_.size() < size)
        return read_any(record);
    record.cause.reset();
    if (is_caused) {
        if (at[payload_at - 1] != std::byte{0}) // its rounds
            return read_any(record);
        LittleEndianReader cause(rest_.subspan(cause_at, PlainRecord::cause_size_bytes));
        record.cause = take_cause(cause);
    }
    std::uint16_t delta_us = 0;
    std::memcpy(&record.topic, at + 1, sizeof record.topic);
    std::memcpy(&delta_us, at + 3, sizeof delta_us);
    record.time_delta_us = delta_us;
    record.key = {};
    record.content_type = {reinterpret_cast<const char*>(at) + type_at, type_size};
    record.headers = {};
    record.payload = {at + payload_at, payload_size};
    record.is_once = false;
    record.slot.reset();
    record.is_compressed = false;
    record_size_bytes_ = size;
    rest_ = rest_.subspan(size);
    ++sequence_;
    time_us_ += delta_us;
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
