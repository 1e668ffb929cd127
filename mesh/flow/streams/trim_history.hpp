#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <utility>
#include <vector>

namespace mesh {

/// How many events of each topic lay in the stretches of a log that are gone, so that a gap which
/// begins there is counted. Bounded: the older the stretches, the coarser they are kept.
class TrimHistory {
public:
    /// Events by topic number, ascending.
    using Counts = std::vector<std::pair<std::uint16_t, std::uint64_t>>;

    /// The next stretch is gone: `first` to `last`, the newest of them of this time.
    void note(std::uint64_t first, std::uint64_t last, std::uint64_t last_time_us, Counts counts);

    struct Since {
        std::uint64_t position = 0;
        Counts counts; ///< what is gone after `position`
    };

    /// What is gone after `position`, which moves back to where the count is exact: within a
    /// stretch of several topics to its beginning.
    Since since_position(std::uint64_t position) const;

    /// What is gone from this time on, and from up to one stretch before it.
    Since since_time(std::uint64_t time_us) const;

    /// The number means another topic from now on.
    void forget(std::uint16_t topic);

private:
    struct Stretch {
        std::uint64_t first;
        std::uint64_t last;
        std::uint64_t last_time_us;
        Counts counts;
    };

    Since sum(std::size_t begin, std::uint64_t position) const;
    void coarsen();

    std::deque<Stretch> stretches_;
};

} // namespace mesh
