#pragma once

#include "mesh/store/journal.hpp"
#include "tests/mesh/store/journal_events.hpp"

#include <algorithm>
#include <cstdint>

namespace tests {

/// What a walk through a journal came upon.
struct Walk {
    std::uint64_t read_count = 0;
    std::uint64_t missing_count = 0;
    bool is_right = true;    ///< no wrong event, none twice, none out of order
    bool is_finished = true; ///< it did not stop half-way
};

/// Reads everything from `from` on, as a publisher does: what is damaged is passed over and
/// counted.
inline Walk walk(mesh::Journal& journal, std::uint64_t from) {
    Walk walk;
    while (from <= journal.last()) {
        if (const auto stretch = journal.read(from, 8192)) {
            for (const auto& event : stretch->events)
                walk.is_right =
                    event.sequence == from++ && JournalEvents::is_right(event) && walk.is_right;
            walk.read_count += stretch->events.size();
            walk.is_finished = !stretch->events.empty();
        } else {
            const auto readable = journal.next_readable(from).value_or(from);
            walk.is_finished = readable > from;
            walk.missing_count += readable - from;
            from = readable;
        }
        if (!walk.is_right || !walk.is_finished)
            return walk;
    }
    return walk;
}

} // namespace tests
