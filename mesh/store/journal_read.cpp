#include "mesh/store/journal.hpp"

#include <algorithm>

namespace mesh {

namespace {

// From the row that may hold the sequence on.
constexpr std::string_view rows_from_sql =
    "SELECT head, events FROM dagmesh_journal WHERE first >= coalesce("
    "(SELECT max(first) FROM dagmesh_journal WHERE first <= ?1), ?1) ORDER BY first";

} // namespace

Error Journal::missing(std::uint64_t sequence) const {
    return {ErrorCode::malformed, database_.path() + ": event " + std::to_string(sequence) +
                                      " is damaged or missing: its checksum is not right"};
}

Result<JournalStretch> Journal::read(std::uint64_t from, std::size_t size_bytes_max) {
    if (from < first())
        return fail(ErrorCode::limit, database_.path() + ": event " + std::to_string(from) +
                                          " is trimmed: the journal begins at " +
                                          std::to_string(first()));
    JournalStretch stretch;
    if (from > last())
        return stretch;
    std::uint64_t expected = from;
    std::size_t size = 0;
    auto rows = database_.statement(rows_from_sql, from);
    // What follows a damaged event is for the next call: a stretch has no holes.
    for (bool is_whole = true; is_whole && expected <= last();) {
        const auto row = rows.step();
        if (!row && !stretch.events.empty())
            return stretch;
        if (!row)
            return fail(row.error().code,
                        "event " + std::to_string(from) + ": " + row.error().detail);
        if (!*row)
            break;
        const auto bytes = rows.bytes(1);
        auto& copy = stretch.rows.emplace_back(bytes.begin(), bytes.end());
        for (const auto& event : intact_events(rows.bytes(0), copy, id_)) {
            if (event.sequence < expected)
                continue;
            is_whole = event.sequence == expected && topics_.contains(event.topic) &&
                       (stretch.events.empty() || size + event.record.size() <= size_bytes_max);
            if (!is_whole)
                break;
            stretch.events.push_back(event);
            size += event.record.size();
            ++expected;
        }
    }
    if (stretch.events.empty())
        return tl::unexpected(missing(from));
    return stretch;
}

Result<std::optional<Journal::Found>> Journal::find_intact(std::uint64_t from) {
    auto rows = database_.statement(rows_from_sql, from);
    for (;;) {
        const auto row = rows.step();
        if (!row)
            return tl::unexpected(row.error());
        if (!*row)
            return std::optional<Found>();
        for (const auto& event : intact_events(rows.bytes(0), rows.bytes(1), id_))
            if (event.sequence >= from && event.sequence <= last() && topics_.contains(event.topic))
                return std::optional(Found{event.sequence, event.time_us});
    }
}

Result<std::optional<Journal::Found>> Journal::find_readable(std::uint64_t from) {
    from = std::max(from, first());
    auto found = find_intact(from);
    if (found || found.error().code != ErrorCode::malformed)
        return found;
    // The tree itself is damaged here. Its other branches can still be entered: further and further
    // away, until one is found, and from there back to where that branch begins.
    std::uint64_t barred = from;
    std::uint64_t open = last() + 1;
    std::optional<Found> readable;
    for (std::uint64_t step = 1; barred + step <= last(); step *= 2) {
        if (const auto further = find_intact(barred + step)) {
            open = barred + step;
            readable = *further;
            break;
        }
        barred += step;
    }
    while (barred + 1 < open) {
        const auto middle = barred + (open - barred) / 2;
        if (const auto nearer = find_intact(middle)) {
            open = middle;
            readable = *nearer;
        } else {
            barred = middle;
        }
    }
    return readable;
}

Result<std::uint64_t> Journal::next_readable(std::uint64_t from) {
    const auto found = find_readable(from);
    if (!found)
        return tl::unexpected(found.error());
    return *found ? (*found)->sequence : last() + 1;
}

Result<std::uint64_t> Journal::sequence_at(std::uint64_t time_us) {
    // Times never fall, so the sequences can be halved: the answer lies in [low, high].
    std::uint64_t low = first();
    std::uint64_t high = last() + 1;
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        const auto found = find_readable(middle);
        if (!found)
            return tl::unexpected(found.error());
        if (!*found || (*found)->time_us >= time_us)
            high = middle;
        else
            low = (*found)->sequence + 1;
    }
    return low;
}

} // namespace mesh
