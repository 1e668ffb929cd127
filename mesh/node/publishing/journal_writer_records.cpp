// JournalWriter, the part that makes records of events and puts them into the journal. For whoever
// holds the disk.

#include "mesh/node/publishing/journal_writer.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <memory>
#include <string>
#include <utility>

namespace mesh {

namespace {

// Beside its texts and payload.
constexpr std::size_t record_overhead_bytes_max = 128;

} // namespace

std::size_t JournalWriter::parts_size_bytes(std::span<const Draft> drafts) {
    std::size_t size = 0;
    for (const auto& draft : drafts)
        size += draft.payload.size() + draft.headers.size() + draft.key.size() +
                draft.content_type.size() + (draft.cause ? draft.cause->path.size() : 0);
    return size;
}

Result<std::uint64_t> JournalWriter::append(std::span<const Draft> drafts) {
    auto group = encode(drafts);
    if (!group)
        return tl::unexpected(group.error());
    const auto first = disk_.journal->last() + 1;
    if (group->entries.empty())
        return first;
    std::vector<StoredEvent> stored;
    for (const auto& entry : group->entries)
        stored.push_back({entry.sequence, entry.time_us, entry.topic, entry.record});
    const bool has_begun =
        std::ranges::all_of(drafts, [](const Draft& draft) { return draft.cause.has_value(); });
    const auto room = has_begun ? Journal::Room::of_begun_work : Journal::Room::of_new_work;
    if (auto appended = disk_.journal->append(stored, room); !appended)
        return tl::unexpected(appended.error());
    disk_.database->at_end(
        [this, group = std::make_shared<Group>(std::move(*group))](bool is_kept) {
            if (is_kept)
                hand_on_(group->entries, topics_);
        });
    return first;
}

Result<std::uint16_t> JournalWriter::topic_number(std::string_view name) {
    if (const auto known = topic_numbers_.find(name); known != topic_numbers_.end())
        return known->second;
    if (topics_.size() > std::numeric_limits<std::uint16_t>::max())
        return fail(ErrorCode::limit, std::string(name) + ": a journal has at most 65536 topics");
    const auto number = static_cast<std::uint16_t>(topics_.size());
    topics_.emplace_back(name);
    topic_numbers_.emplace(name, number);
    disk_.journal->add_topic(name, number);
    return number;
}

Result<JournalWriter::Group> JournalWriter::encode(std::span<const Draft> drafts) {
    Group group;
    std::size_t size_bytes_max = 0;
    for (const auto& draft : drafts)
        size_bytes_max += parts_size_bytes({&draft, 1}) + record_overhead_bytes_max;
    group.records = std::make_unique_for_overwrite<std::byte[]>(size_bytes_max);
    group.entries.reserve(drafts.size());
    auto* at = group.records.get();
    auto sequence = disk_.journal->last();
    auto before_us = disk_.journal->last_time_us();
    const auto now = wall_now();
    for (const auto& draft : drafts) {
        const auto number = topic_number(draft.topic);
        if (!number)
            return tl::unexpected(number.error());
        const auto time_us = publishing_time_us(now, before_us);
        const auto record = record_of(draft, *number, time_us, before_us);
        const auto size = encoded_size(record);
        assert(size <= parts_size_bytes({&draft, 1}) + record_overhead_bytes_max);
        mesh::encode(record, at);
        group.entries.push_back({++sequence, time_us, *number, Bytes(at, size), false, false});
        at += size;
        before_us = time_us;
    }
    return group;
}

} // namespace mesh
