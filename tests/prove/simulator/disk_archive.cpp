#include "tests/prove/simulator/disk_archive.hpp"

#include <algorithm>
#include <iterator>

namespace simulator {

std::optional<std::uint64_t> DiskArchive::first_since(std::uint64_t time_us) {
    for (const auto& [first, row] : disk_.content().rows)
        for (const auto& event : mesh::intact_events(row.head, row.events, disk_.journal()))
            if (event.sequence >= first_ && event.time_us >= time_us)
                return event.sequence;
    return disk_.content().last + 1;
}

mesh::Archive::Stretch DiskArchive::read(std::uint64_t from, std::size_t size_bytes_max) {
    entries_.clear();
    if (dice_.one_in(12)) {
        was_turned_away_ = true;
        return {{}, from - 1};
    }
    const auto& rows = disk_.content().rows;
    auto row = rows.upper_bound(from);
    if (row == rows.begin())
        return {{}, from - 1};
    --row;
    std::size_t size_bytes = 0;
    auto reached = from - 1;
    for (; row != rows.end() && size_bytes < size_bytes_max; ++row) {
        const auto head = mesh::decode_head(row->second.head, disk_.journal());
        for (const auto& event :
             mesh::intact_events(row->second.head, row->second.events, disk_.journal()))
            if (event.sequence >= from) {
                entries_.push_back(
                    {event.sequence, event.time_us, event.topic, event.record, false, false});
                size_bytes += event.record.size();
            }
        reached = std::max(reached, head->last());
        if (dice_.one_in(4))
            break; // a short read is one, too
    }
    return {entries_, reached};
}

} // namespace simulator
