#include "mesh/wire/event_record.hpp"

#include "mesh/wire/little_endian.hpp"
#include "mesh/wire/record_flags.hpp"

#include <algorithm>
#include <limits>

namespace mesh {

using namespace record_flags;

namespace {

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

/// But for its path.
void put_cause(LittleEndianWriter& writer, const Cause& cause) {
    writer.put(Bytes(cause.event.source.bytes));
    writer.put(cause.event.incarnation);
    writer.put(cause.event.sequence);
    writer.put(Bytes(cause.trace));
    writer.put(cause.rank);
    writer.put(cause.chain);
    writer.put(cause.rounds);
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
        size += PlainRecord::cause_size_bytes +
                (record.cause->rounds > 0 ? 2 + record.cause->path.size() : 0);
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
        put_cause(writer, *record.cause);
        if (record.cause->rounds > 0) {
            writer.put(static_cast<std::uint16_t>(record.cause->path.size()));
            writer.put(bytes_of(record.cause->path));
        }
    }
    writer.put(record.payload);
}

void PlainRecord::encode(std::byte* at) const {
    LittleEndianWriter writer(at);
    const unsigned flags =
        (content_type.empty() ? 0U : has_content_type) | (cause == nullptr ? 0U : has_cause);
    writer.put(static_cast<std::uint8_t>(flags));
    writer.put(topic);
    writer.put(time_delta_us);
    writer.put(static_cast<std::uint8_t>(payload.size()));
    if (!content_type.empty()) {
        writer.put(static_cast<std::uint8_t>(content_type.size()));
        writer.put(bytes_of(content_type));
    }
    if (cause != nullptr)
        put_cause(writer, *cause);
    writer.put(payload);
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

} // namespace mesh
