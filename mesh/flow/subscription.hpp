#pragma once

#include "mesh/base/time.hpp"
#include "mesh/event/pattern.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

/// Which link of a publisher: one for each peer, and one to the node's own handlers.
using LinkNumber = std::uint32_t;

/// Events and their bytes: what credit and progress are counted in. Cumulative counts begin where
/// the subscription began; lost events count as events of zero bytes.
struct Volume {
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;

    bool operator==(const Volume&) const = default;
};

inline Volume operator+(Volume a, Volume b) {
    return {a.events + b.events, a.bytes + b.bytes};
}

/// How far a subscription has come in one publisher's events.
struct Progress {
    std::uint64_t position = 0; ///< everything up to this sequence is dealt with
    Volume volume;              ///< what that was, since the subscription began

    bool operator==(const Progress&) const = default;
};

/// Where a subscription wants to begin or go on.
struct StartRequest {
    /// It was served by this run of the publisher before and stands here.
    std::optional<Progress> resume;

    /// Otherwise a lasting one begins at the publisher's first event when they meet soon after the
    /// publisher's start; one that is not begins at what was published since it asked.
    bool is_lasting = true;

    /// How long ago the subscriber asked: events published since then are not missed.
    Duration age{};
};

/// A publisher's record of one subscription. Plain data: Publication holds the rules.
struct Subscription {
    std::string key; ///< service, handler and instance: the same after a restart
    std::vector<Pattern> patterns;
    bool is_lasting = true;   ///< kept while its node is away
    bool is_blocking = false; ///< publish waits for its credit
    Volume window;            ///< credit: how much it takes beyond what it acknowledged

    // While attached to a link.
    std::optional<LinkNumber> link;
    std::uint16_t index = 0;                ///< its name on that link
    std::uint64_t cursor = 0;               ///< nothing it wants lies between `told` and this
    std::uint64_t told = 0;                 ///< the position that the last batch took it to
    Progress furthest;                      ///< told in this session, whatever was rewound since
    Volume pending;                         ///< wanted and held, but not yet sent
    Volume sent;                            ///< cumulative, lost events included
    bool is_announced = false;              ///< the link's first batch for it is out
    bool has_hole = false;                  ///< wanted events behind the cursor are gone
    std::uint64_t next_bytes = 1;           ///< of the next event, once a batch had no room for it
    std::uint64_t window_bytes_highest = 0; ///< granted on this link: bounds the overflow
    bool is_behind = false;                 ///< of durable events: the next ones are in the archive

    // Outlives the link.
    std::uint64_t first_position = 0; ///< where it began
    Progress done;                    ///< what it acknowledged
    TimePoint detached_at{};
    std::uint64_t lost = 0;         ///< durable events that are gone from the archive
    std::uint64_t lost_through = 0; ///< they came before or with this one

    /// Its events that the log let go while they were owed under credit, oldest first.
    struct Kept {
        std::uint64_t sequence;
        std::uint64_t time_us;
        std::uint64_t index; ///< how many events it wanted, this one included, since it began
        std::uint16_t topic;
        std::vector<std::byte> record;
    };

    std::deque<Kept> overflow;
    std::uint64_t overflow_bytes = 0;

    /// For each topic number, how many of the topic's events came before the beginning.
    std::vector<std::uint64_t> topic_counts_before;
    /// Wanted and trimmed events of topics that lost their number.
    std::uint64_t retired_trimmed_count = 0;

    bool wants(std::string_view topic) const {
        return std::ranges::any_of(patterns,
                                   [&](const Pattern& pattern) { return pattern.matches(topic); });
    }

    Volume in_flight() const {
        return {sent.events - done.volume.events, sent.bytes - done.volume.bytes};
    }

    /// Whether an event of `more_bytes` may go on top of `outstanding`. When nothing is, one may
    /// go however large it is; a window of no events takes none.
    bool has_room(Volume outstanding, std::uint64_t more_bytes) const {
        return outstanding.events < window.events &&
               (outstanding.events == 0 || outstanding.bytes + more_bytes <= window.bytes);
    }

    /// Whether the overflow holds events that were not sent yet.
    bool has_unsent_overflow() const {
        return !overflow.empty() && overflow.back().sequence > cursor;
    }

    bool is_dry() const { return pending.events == 0 && in_flight().events == 0 && !has_hole; }
};

} // namespace mesh
