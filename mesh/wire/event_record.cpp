#include "mesh/wire/event_record.hpp"

#include "mesh/wire/little_endian.hpp"

#include <algorithm>
#include <limits>

namespace mesh {

namespace {

// The flags of a record's first byte.
constexpr std::uint8_t has_wide_size = 0x01;
constexpr std::uint8_t has_wide_time = 0x02;
constexpr std::uint8_t has_key = 0x04;
constexpr std::uint8_t has_content_type = 0x08;
constexpr std::uint8_t has_headers = 0x10;
constexpr std::uint8_t has_cause = 0x20;
constexpr std::uint8_t is_once = 0x40;
constexpr std::uint8_t is_skip = 0x80;

// Of a skip no other flag is set, so with that of the wide size, which it always has then, the same
// bit says something else of an event.
constexpr std::uint8_t is_compressed = 0x80 | has_wide_size;

// What says how long a key is also says which slot was chosen for an event without one.
constexpr std::uint16_t key_size_mask = 0x3ff;
constexpr unsigned slot_shift = 10;

constexpr std::size_t cause_size_bytes = 16 + 4 + 8 + 16 + 1 + 2 + 1;

std::uint8_t flags_of(const EventRecord& record) {
    std::uint8_t flags = 0;
    const auto set = [&](bool is_set, std::uint8_t flag) {
        if (is_set)
            flags = static_cast<std::uint8_t>(flags | flag);
    };
    set(record.payload.size() > std::numeric_limits<std::uint8_t>::max(), has_wide_size);
    set(record.time_delta_us > std::numeric_limits<std::uint16_t>::max(), has_wide_time);
    set(!record.key.empty() || record.slot, has_key);
    set(!record.content_type.empty(), has_content_type);
    set(!record.headers.empty(), has_headers);
    set(record.cause.has_value(), has_cause);
    set(record.is_once, is_once);
    set(record.is_compressed, is_compressed);
    return flags;
}

Cause take_cause(LittleEndianReader& reader) {
    Cause cause;
    const auto take_id = [&](std::array<std::byte, 16>& id) {
        const Bytes bytes = reader.take_bytes(id.size());
        std::ranges::copy(bytes, id.begin());
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

std::size_t encoded_size(const EventRecord& record) {
    const auto flags = flags_of(record);
    std::size_t size = 1 + 2 + ((flags & has_wide_time) != 0 ? 4U : 2U) +
                       ((flags & has_wide_size) != 0 ? 4U : 1U) + record.payload.size();
    if ((flags & has_key) != 0)
        size += 2 + record.key.size();
    if ((flags & has_content_type) != 0)
        size += 1 + record.content_type.size();
    if ((flags & has_headers) != 0)
        size += 2 + record.headers.size();
    if ((flags & has_cause) != 0)
        size += cause_size_bytes + (record.cause->rounds > 0 ? 2 + record.cause->path.size() : 0);
    return size;
}

void encode(const EventRecord& record, std::byte* at) {
    const auto flags = flags_of(record);
    LittleEndianWriter writer(at);
    writer.put(flags);
    writer.put(record.topic);
    if ((flags & has_wide_time) != 0)
        writer.put(record.time_delta_us);
    else
        writer.put(static_cast<std::uint16_t>(record.time_delta_us));
    if ((flags & has_wide_size) != 0)
        writer.put(static_cast<std::uint32_t>(record.payload.size()));
    else
        writer.put(static_cast<std::uint8_t>(record.payload.size()));
    if ((flags & has_key) != 0) {
        const unsigned slot = record.key.empty() ? *record.slot : 0;
        writer.put(static_cast<std::uint16_t>(record.key.size() | slot << slot_shift));
        writer.put(bytes_of(record.key));
    }
    if ((flags & has_content_type) != 0) {
        writer.put(static_cast<std::uint8_t>(record.content_type.size()));
        writer.put(bytes_of(record.content_type));
    }
    if ((flags & has_headers) != 0) {
        writer.put(static_cast<std::uint16_t>(record.headers.size()));
        writer.put(record.headers);
    }
    if (record.cause) {
        writer.put(Bytes(record.cause->event.source.bytes));
        writer.put(record.cause->event.incarnation);
        writer.put(record.cause->event.sequence);
        writer.put(Bytes(record.cause->trace));
        writer.put(record.cause->rank);
        writer.put(record.cause->chain);
        writer.put(record.cause->rounds);
        if (record.cause->rounds > 0) {
            writer.put(static_cast<std::uint16_t>(record.cause->path.size()));
            writer.put(bytes_of(record.cause->path));
        }
    }
    writer.put(record.payload);
}

std::uint32_t time_delta_us(Bytes record) {
    LittleEndianReader reader(record);
    const auto flags = reader.take<std::uint8_t>();
    reader.take<std::uint16_t>();
    return (flags & has_wide_time) != 0 ? reader.take<std::uint32_t>()
                                        : reader.take<std::uint16_t>();
}

namespace {

/// A reader that stands before the key, if the record has that field.
std::optional<LittleEndianReader> at_key(Bytes record) {
    LittleEndianReader reader(record);
    const auto flags = reader.take<std::uint8_t>();
    if ((flags & has_key) == 0)
        return std::nullopt;
    reader.take_bytes(2 + ((flags & has_wide_time) != 0 ? 4U : 2U) +
                      ((flags & has_wide_size) != 0 ? 4U : 1U));
    return reader;
}

} // namespace

std::string_view key_of(Bytes record) {
    auto reader = at_key(record);
    return reader ? text_of(reader->take_bytes(reader->take<std::uint16_t>() & key_size_mask))
                  : std::string_view();
}

std::optional<std::uint8_t> chosen_slot(Bytes record) {
    auto reader = at_key(record);
    const auto field = reader ? reader->take<std::uint16_t>() : key_size_mask;
    if ((field & key_size_mask) != 0)
        return std::nullopt;
    return static_cast<std::uint8_t>(field >> slot_shift);
}

void encode(const SkipRecord& record, std::byte* at) {
    LittleEndianWriter writer(at);
    writer.put(is_skip);
    writer.put(record.count);
    writer.put(record.time_delta_us);
}

Result<std::optional<EventRecord>> RecordReader::next() {
    while (!rest_.empty()) {
        LittleEndianReader reader(rest_);
        const auto flags = reader.take<std::uint8_t>();
        if (flags == is_skip) {
            sequence_ += reader.take<std::uint32_t>();
            time_us_ += reader.take<std::uint32_t>();
            if (reader.is_short())
                break;
            rest_ = reader.rest();
            continue;
        }
        EventRecord record;
        record.is_compressed = (flags & is_compressed) == is_compressed;
        if ((flags & is_skip) != 0 && !record.is_compressed)
            break;
        record.is_once = (flags & is_once) != 0;
        record.topic = reader.take<std::uint16_t>();
        record.time_delta_us = (flags & has_wide_time) != 0 ? reader.take<std::uint32_t>()
                                                            : reader.take<std::uint16_t>();
        const std::size_t payload_size = (flags & has_wide_size) != 0 ? reader.take<std::uint32_t>()
                                                                      : reader.take<std::uint8_t>();
        bool is_key = true;
        if ((flags & has_key) != 0) {
            const auto field = reader.take<std::uint16_t>();
            record.key = text_of(reader.take_bytes(field & key_size_mask));
            if (record.key.empty())
                record.slot = static_cast<std::uint8_t>(field >> slot_shift);
            else
                is_key = field <= key_size_mask;
        }
        if ((flags & has_content_type) != 0)
            record.content_type = text_of(reader.take_bytes(reader.take<std::uint8_t>()));
        if ((flags & has_headers) != 0)
            record.headers = reader.take_bytes(reader.take<std::uint16_t>());
        if ((flags & has_cause) != 0)
            record.cause = take_cause(reader);
        record.payload = reader.take_bytes(payload_size);
        if (reader.is_short() || !is_key || record.key.size() > key_size_bytes_max ||
            record.headers.size() > headers_size_bytes_max ||
            (record.cause && record.cause->path.size() > path_size_bytes_max) ||
            record.payload.size() > payload_size_bytes_max)
            break;
        record_size_bytes_ = rest_.size() - reader.rest().size();
        rest_ = reader.rest();
        ++sequence_;
        time_us_ += record.time_delta_us;
        return std::optional(record);
    }
    if (rest_.empty())
        return std::optional<EventRecord>();
    const auto left = rest_.size();
    rest_ = {};
    return fail(ErrorCode::malformed,
                "expected an event record, got " + std::to_string(left) + " bytes that are none");
}

} // namespace mesh
