#include "mesh/store/journal.hpp"

#include <algorithm>

namespace mesh {

bool Journal::is_kept(const RowHead& row) const {
    const auto size_bytes_max = std::min(options_.kept_size_bytes_max, options_.size_bytes_max / 4);
    return state_.size_end - row.size_before_bytes <= size_bytes_max &&
           state_.last + 1 - row.first <= options_.count_max / 4;
}

bool Journal::is_trimmable(const RowHead& row, std::uint64_t now_us, std::uint64_t until) const {
    if (row.last() <= until && !is_kept(row))
        return true;
    const auto age_max_us = static_cast<std::uint64_t>(options_.age_max.count());
    if (now_us > age_max_us && row.last_time_us < now_us - age_max_us)
        return true;
    return options_.full == WhenFull::trim &&
           (state_.last + 1 - row.first > options_.count_max ||
            state_.size_end - row.size_before_bytes > options_.size_bytes_max);
}

Result<Journal::Trimmed> Journal::trim(std::uint64_t now_us, std::uint64_t until_sequence) {
    constexpr std::size_t rows_max = 1024;
    Trimmed trimmed{.first = first(), .last = state_.trimmed_to, .is_more = false};
    auto size_begin = state_.size_begin;
    std::uint64_t last_key = 0;
    std::size_t row_count = 0;
    {
        auto rows = database_.statement("SELECT head FROM dagmesh_journal ORDER BY first");
        for (;; ++row_count) {
            const auto row = rows.step();
            if (!row)
                return tl::unexpected(row.error());
            if (!*row)
                break;
            const auto head = decode_head(rows.bytes(0), id_);
            // A damaged row goes with the next one that does.
            if (!head)
                continue;
            if (!is_trimmable(*head, now_us, until_sequence))
                break;
            trimmed.is_more = row_count >= rows_max;
            if (trimmed.is_more)
                break;
            trimmed.last = std::max(trimmed.last, head->last());
            size_begin = head->size_before_bytes + head->size_bytes;
            // Not the row's key: where that is damaged, it may lie beyond rows that stay.
            last_key = std::max(last_key, head->first);
        }
    }
    if (trimmed.last < trimmed.first)
        return trimmed;
    auto done = database_.transaction([&]() -> Result<void> {
        keep_at_end(state_);
        state_.trimmed_to = trimmed.last;
        state_.size_begin = std::min(size_begin, state_.size_end);
        if (auto saved = save_identity(); !saved)
            return saved;
        return database_.statement("DELETE FROM dagmesh_journal WHERE first <= ?", last_key).run();
    });
    if (!done)
        return tl::unexpected(done.error());
    return trimmed;
}

} // namespace mesh
