#pragma once

#include "mesh/base/time.hpp"
#include "mesh/event/delivery.hpp"
#include "mesh/event/pattern.hpp"
#include "mesh/event/start_from.hpp"
#include "mesh/flow/key_slots.hpp"
#include "mesh/flow/loss_tally.hpp"
#include "mesh/flow/spill_store.hpp"
#include "mesh/wire/subscription_index.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

/// Which link of a publisher: one for each peer, and one to the node's own handlers.
using LinkNumber = std::uint32_t;

/// The one to the node's own handlers.
inline constexpr LinkNumber self_link = 0;

class Group;

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

inline Volume operator-(Volume a, Volume b) {
    return {a.events - b.events, a.bytes - b.bytes};
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

    /// Kept while its node is away.
    bool is_lasting = true;

    /// How long ago the subscriber asked: events published since then are not missed.
    Duration age{};

    /// Where to begin when the publisher does not know the subscription yet.
    StartFrom from = {};

    /// Everything up to here was handled by an earlier run of the subscriber; 0: it does not know.
    std::uint64_t handled = 0;
};

/// What became of the events that a subscription wants, since the publisher knows it. Each is
/// counted when it happens: an event when its acknowledgement comes, a loss when the subscriber
/// acknowledges to have been told.
struct DeliveryCounts {
    std::uint64_t acknowledged = 0;
    std::array<std::uint64_t, loss_reason_count> lost{}; ///< by LossReason
    std::uint64_t in_flight = 0;                         ///< sent or told, not acknowledged yet
    std::uint64_t waiting = 0;                           ///< not sent or told yet

    bool operator==(const DeliveryCounts&) const = default;
};

/// A publisher's record of one subscription. Plain data: Publication holds the rules.
struct Subscription {
    std::string key; ///< service, handler and instance: the same after a restart
    std::vector<Pattern> patterns;
    bool is_lasting = true; ///< kept while its node is away
    Policy policy = Policy::drop_oldest;
    std::uint64_t depth = 0; ///< events that wait with `drop_oldest`; 0: as many as the log holds
    Volume window;           ///< credit: how much it takes beyond what it acknowledged
    Group* group = nullptr;  ///< whose events it has a part of
    HeldSlots slots;         ///< the part
    bool is_stored = true;   ///< or it has to wait: its journal does not know its slots yet

    // While attached to a link.
    std::optional<LinkNumber> link;
    SubscriptionIndex index = 0;    ///< its name on that link
    std::uint64_t cursor = 0;       ///< nothing it wants lies between `told` and this
    std::uint64_t told = 0;         ///< the position that the last batch took it to
    Progress furthest;              ///< told in this session, whatever was rewound since
    Volume pending;                 ///< wanted and held, but not yet sent
    Volume pending_fast;            ///< the part of it that never waits for credit
    std::uint64_t refused = 0;      ///< wanted and held, but dropped by `drop_newest`: not pending
    std::uint64_t refused_from = 0; ///< the first of them
    Volume sent;                    ///< cumulative, lost events included
    bool is_announced = false;      ///< the link's first batch for it is out
    bool is_paused = false;         ///< nothing is sent until what is on the way is acknowledged
    bool has_hole = false;          ///< wanted events behind the cursor are gone
    std::uint64_t next_bytes = 1;   ///< of the next event, once a batch had no room for it
    std::uint64_t window_bytes_highest = 0; ///< granted on this link: bounds the overflow
    bool is_behind = false;                 ///< of durable events: the next ones are in the archive
    bool is_choosing = false;        ///< of durable events: what it begins with is not known yet
    std::uint64_t crowded_until = 0; ///< with `latest`: what waits up to here had no room
    std::uint64_t live_after = 0; ///< what came up to here was there before it: no policy drops it

    /// A gap that was told and not acknowledged yet.
    struct ToldGap {
        std::uint64_t after = 0; ///< where it ends
        std::uint64_t index = 0; ///< how many events it wanted before, since it began
        std::uint64_t count = 0;
        LossReason reason{};
        TopicCountList topics; ///< of them, as far as they are known
    };

    std::deque<ToldGap> told_gaps; ///< in order; some beyond `told` after a rewind
    std::uint64_t told_lost = 0;   ///< the sum of those up to `told`

    // Outlives the link.
    std::uint64_t first_position = 0; ///< where it began
    Progress done;                    ///< what it acknowledged
    std::uint64_t fast_after = 0;     ///< `fast` events up to here were sent to a run that died
    std::uint64_t sent_highest = 0;   ///< to any session before this one
    std::uint64_t told_highest = 0;   ///< of durable events: by this run of the publisher
    TimePoint detached_at{};
    std::uint64_t lost = 0;         ///< durable events that it has to be told of as lost
    std::uint64_t lost_through = 0; ///< they came before or with this one
    std::uint64_t gone = 0;         ///< beyond `done`, and not in the archive any more
    std::uint64_t stored = 0;       ///< the place that is on disk: never beyond `done`
    std::uint64_t gone_through = 0; ///< the archive begins behind this one
    bool is_counted = false;        ///< its volumes and those of the subscriber are the same count
    DeliveryCounts counts;

    // For the ledger: of the subscriber's run, since this publisher knows that.
    LossTally losses;                         ///< told, and acknowledged to have been heard
    std::vector<std::uint64_t> sent_by_topic; ///< of durable events, up to `counted`
    std::uint64_t sent_unknown = 0;           ///< told as lost before they were sent
    Progress counted;

    /// Of the events up to `picked_until` it wants only these; beyond, what its patterns match.
    std::vector<std::uint64_t> picked;
    std::uint64_t picked_until = 0;

    /// Its events that the log let go while they were owed, oldest first; with `spill` only those
    /// that are about to be sent, the rest is put aside.
    struct Kept {
        std::uint64_t sequence = 0;
        std::uint64_t time_us = 0;
        std::uint64_t index = 0; ///< how many events it wanted, this one included, since it began
        std::uint16_t topic = 0;
        std::vector<std::byte> record;
    };

    std::deque<Kept> overflow;
    std::uint64_t overflow_bytes = 0;

    /// A stretch of its events that is put aside; their indices follow each other.
    struct Spilled {
        std::uint64_t first_sequence = 0;
        std::uint64_t last_sequence = 0;
        std::uint64_t first_index = 0;
        Volume volume;
        SpillPlace place;
    };

    std::deque<Spilled> spilled;

    /// For each topic number, how many of the topic's events came before the beginning.
    std::vector<std::uint64_t> topic_counts_before;
    /// Wanted and trimmed events of topics that lost their number.
    std::uint64_t retired_trimmed_count = 0;
    /// The counts of topics do not tell what it lost, as it has some slots only: each event of its
    /// own that is trimmed counts in the above.
    bool counts_trims = false;

    bool wants(std::string_view topic) const {
        return std::ranges::any_of(patterns,
                                   [&](const Pattern& pattern) { return pattern.matches(topic); });
    }

    /// Whether an event of a topic that it wants lies in its part.
    bool has_slot_of(const EventLog::Entry& entry) const {
        return slots.is_all() || slots.has(slot_of(entry), entry.sequence);
    }

    /// Whether an event of a topic that it wants is its own.
    bool has_own(const EventLog::Entry& entry) const {
        return has_picked(entry.sequence) && has_slot_of(entry);
    }

    /// How many events from `first` to `last` may be its own, whatever they are.
    std::uint64_t picked_count(std::uint64_t first, std::uint64_t last) const;

    /// Whether an event of a topic that it wants counts among its own.
    bool has_in_range(std::uint64_t sequence) const {
        return has_picked(sequence) && (sequence > first_position || sequence <= picked_until);
    }

    /// Whether it wants the event although it lies before what its patterns go by.
    bool has_picked(std::uint64_t sequence) const {
        return sequence > picked_until || std::ranges::binary_search(picked, sequence);
    }

    /// What is on the way and takes room at the subscriber: gaps do not.
    Volume in_flight() const {
        const auto events = sent.events - done.volume.events;
        return {events - std::min(events, told_lost), sent.bytes - done.volume.bytes};
    }

    /// Whether an event of `more_bytes` may go on top of `outstanding`. When nothing is, one may
    /// go however large it is; a window of no events takes none.
    bool has_room(Volume outstanding, std::uint64_t more_bytes) const {
        return outstanding.events < window.events &&
               (outstanding.events == 0 || outstanding.bytes + more_bytes <= window.bytes);
    }

    /// The same for an event of level `fast`, which leaves half the window to the others.
    bool has_fast_room(Volume outstanding, std::uint64_t more_bytes) const {
        return has_room(outstanding, more_bytes) && 2 * outstanding.events < window.events &&
               (outstanding.events == 0 || 2 * outstanding.bytes < window.bytes);
    }

    /// Whether events that the log let go were not sent yet.
    bool has_unsent_overflow() const {
        return (!overflow.empty() && overflow.back().sequence > cursor) ||
               (!spilled.empty() && spilled.back().last_sequence > cursor);
    }

    /// Whether a batch for it may go now, be it only to tell a gap.
    bool can_send() const;

    /// Whether nothing waits but the gap of what was refused.
    bool has_only_refused() const { return pending.events == 0 && refused > 0; }

    /// How many events of a stretch that is put aside were not sent yet.
    std::uint64_t unsent_of(const Spilled& stretch) const;

    /// A batch takes it from `before`, where it stands, to `after`.
    void tell(std::uint64_t before, std::uint64_t after);

    /// That batch was a gap.
    void tell_gap(const ToldGap& gap);

    /// The log lets events go, up to `last`, that nobody keeps for it; `fast`: those among them.
    void let_go(std::uint64_t last, Volume events, Volume fast);

    bool is_dry() const {
        return pending.events == 0 && refused == 0 && sent.events == done.volume.events &&
               !has_hole;
    }
};

} // namespace mesh
