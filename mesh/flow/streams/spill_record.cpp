#include "mesh/flow/streams/spill_record.hpp"

#include "mesh/wire/little_endian.hpp"

#include <array>
#include <string>

namespace mesh {

namespace {

constexpr std::size_t head_size_bytes = 8 + 8 + 2 + 4;

} // namespace

void SpillRecord::clear(std::uint64_t first_index) {
    stretch_ = {};
    stretch_.first_index = first_index;
    bytes_.clear();
}

void SpillRecord::add(const EventLog::Entry& entry) {
    std::array<std::byte, head_size_bytes> head{};
    LittleEndianWriter writer(head.data());
    writer.put(entry.sequence);
    writer.put(entry.time_us);
    writer.put(entry.topic);
    writer.put(static_cast<std::uint32_t>(entry.record.size()));
    bytes_.insert(bytes_.end(), head.begin(), head.end());
    bytes_.insert(bytes_.end(), entry.record.begin(), entry.record.end());
    if (is_empty())
        stretch_.first_sequence = entry.sequence;
    stretch_.last_sequence = entry.sequence;
    ++stretch_.volume.events;
    stretch_.volume.bytes += entry.record.size();
}

Result<std::deque<Subscription::Kept>> read_spill_record(Bytes record,
                                                         const Subscription::Spilled& stretch) {
    std::deque<Subscription::Kept> events;
    LittleEndianReader reader(record);
    while (!reader.rest().empty() && !reader.is_short()) {
        Subscription::Kept kept;
        kept.sequence = reader.take<std::uint64_t>();
        kept.time_us = reader.take<std::uint64_t>();
        kept.index = stretch.first_index + events.size();
        kept.topic = reader.take<std::uint16_t>();
        const auto bytes = reader.take_bytes(reader.take<std::uint32_t>());
        kept.record.assign(bytes.begin(), bytes.end());
        events.push_back(std::move(kept));
    }
    const bool is_whole = !reader.is_short() && events.size() == stretch.volume.events &&
                          !events.empty() && events.front().sequence == stretch.first_sequence &&
                          events.back().sequence == stretch.last_sequence;
    if (!is_whole)
        return fail(ErrorCode::malformed, "expected " + std::to_string(stretch.volume.events) +
                                              " events from " +
                                              std::to_string(stretch.first_sequence) + " to " +
                                              std::to_string(stretch.last_sequence) + ", found " +
                                              std::to_string(events.size()) + " others");
    return events;
}

} // namespace mesh
