#include "mesh/wire/batch.hpp"

#include "mesh/event/topic.hpp"
#include "mesh/wire/little_endian.hpp"

#include <algorithm>

namespace mesh {

namespace {

constexpr std::uint8_t magic_0 = 'D';
constexpr std::uint8_t magic_1 = 'B';
constexpr std::size_t fixed_size_bytes = 2 + 1 + 1 + 16 + 4 + 8 + 8 + 8 + 2 + 2;
constexpr std::size_t position_size_bytes = 4 + 8 + 8 + 8 + 4 + 4;

} // namespace

std::size_t encoded_size(const BatchHeader& header) {
    std::size_t size = fixed_size_bytes + header.positions.size() * position_size_bytes;
    for (const auto& definition : header.topics)
        size += 2 + 1 + definition.topic.size();
    return size;
}

void encode(const BatchHeader& header, std::byte* at) {
    LittleEndianWriter writer(at);
    writer.put(magic_0);
    writer.put(magic_1);
    writer.put(batch_version);
    writer.put(std::uint8_t{0});
    writer.put(Bytes(header.source.bytes));
    writer.put(header.incarnation);
    writer.put(header.session);
    writer.put(header.base_sequence);
    writer.put(header.base_time_us);
    writer.put(static_cast<std::uint16_t>(header.positions.size()));
    writer.put(static_cast<std::uint16_t>(header.topics.size()));
    for (const auto& position : header.positions) {
        writer.put(position.subscription);
        writer.put(position.before);
        writer.put(position.after);
        writer.put(position.lost);
        writer.put(position.events);
        writer.put(position.bytes);
    }
    for (const auto& definition : header.topics) {
        writer.put(definition.number);
        writer.put(static_cast<std::uint8_t>(definition.topic.size()));
        writer.put(bytes_of(definition.topic));
    }
}

Result<Batch> decode_batch(Bytes message) {
    const auto refuse = [](std::string why) { return fail(ErrorCode::malformed, std::move(why)); };
    LittleEndianReader reader(message);
    const bool is_ours =
        reader.take<std::uint8_t>() == magic_0 && reader.take<std::uint8_t>() == magic_1;
    if (!is_ours || message.size() < 3)
        return refuse("expected a batch, got " + std::to_string(message.size()) +
                      " bytes that begin otherwise");
    if (const auto version = reader.take<std::uint8_t>(); version != batch_version)
        return fail(ErrorCode::unsupported_version, "expected batch version " +
                                                        std::to_string(batch_version) + ", got " +
                                                        std::to_string(version));
    if (reader.take<std::uint8_t>() != 0)
        return refuse("expected no flags in a batch");
    Batch batch;
    auto& header = batch.header;
    std::ranges::copy(reader.take_bytes(header.source.bytes.size()), header.source.bytes.begin());
    header.incarnation = reader.take<std::uint32_t>();
    header.session = reader.take<std::uint64_t>();
    header.base_sequence = reader.take<std::uint64_t>();
    header.base_time_us = reader.take<std::uint64_t>();
    const std::size_t position_count = reader.take<std::uint16_t>();
    const std::size_t topic_count = reader.take<std::uint16_t>();
    // Checked before anything is allocated for them: a count alone must not cost memory.
    if (reader.is_short() || reader.rest().size() < position_count * position_size_bytes)
        return refuse("batch cut off in its header");
    header.positions.resize(position_count);
    for (auto& position : header.positions) {
        position.subscription = reader.take<std::uint32_t>();
        position.before = reader.take<std::uint64_t>();
        position.after = reader.take<std::uint64_t>();
        position.lost = reader.take<std::uint64_t>();
        position.events = reader.take<std::uint32_t>();
        position.bytes = reader.take<std::uint32_t>();
        const auto span = position.after - position.before;
        if (position.after < position.before || position.lost > span ||
            position.events > span - position.lost || position.bytes > message.size())
            return refuse("expected a position that moves on, got " +
                          std::to_string(position.before) + " to " +
                          std::to_string(position.after) + " with " +
                          std::to_string(position.events) + " events and " +
                          std::to_string(position.lost) + " lost");
    }
    for (std::size_t i = 0; i < topic_count && !reader.is_short(); ++i) {
        TopicDefinition definition;
        definition.number = reader.take<std::uint16_t>();
        definition.topic = text_of(reader.take_bytes(reader.take<std::uint8_t>()));
        if (reader.is_short())
            break;
        if (auto checked = check_topic(definition.topic); !checked)
            return refuse("batch defines a topic: " + checked.error().detail);
        header.topics.push_back(definition);
    }
    if (reader.is_short())
        return refuse("batch cut off in its topics");
    batch.body = reader.rest();
    return batch;
}

} // namespace mesh
