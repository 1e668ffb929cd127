#include "mesh/node/publishing/journal_archive.hpp"

#include "mesh/base/log.hpp"

#include <mutex>

namespace mesh {

std::optional<std::uint64_t> JournalArchive::first_since(std::uint64_t time_us) {
    const std::unique_lock lock(disk_.mutex, std::try_to_lock);
    if (!lock)
        return std::nullopt;
    return disk_.journal->sequence_at(time_us).value_or(first_); // rather too many than too few
}

Archive::Stretch JournalArchive::read(std::uint64_t from, std::size_t size_bytes_max) {
    const Stretch nothing{{}, from - 1};
    const std::unique_lock lock(disk_.mutex, std::try_to_lock);
    if (!lock)
        return nothing;
    auto stretch = disk_.journal->read(from, size_bytes_max);
    if (!stretch && stretch.error().code == ErrorCode::malformed) {
        static CountedWarning damaged("damaged events in the journal");
        damaged(stretch.error().detail);
        const auto next = disk_.journal->next_readable(from);
        return next ? Stretch{{}, *next - 1} : nothing;
    }
    if (!stretch) {
        static CountedWarning unreadable("the journal cannot be read");
        unreadable(stretch.error().detail);
        return nothing;
    }
    held_ = std::move(*stretch);
    entries_.clear();
    for (const auto& event : held_.events)
        entries_.push_back(
            {event.sequence, event.time_us, event.topic, event.record, false, false});
    return {entries_, entries_.empty() ? from - 1 : entries_.back().sequence};
}

} // namespace mesh
