#pragma once

#include "mesh/base/time.hpp"
#include "mesh/flow/flow_fault.hpp"
#include "mesh/flow/subscription.hpp"
#include "mesh/wire/batch.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mesh {

/// What one node receives from one run of one publisher: where each of its subscriptions stands,
/// which batches they take, and when to acknowledge. The other end of Publication.
/// A handler has one subscription, or, as a member of a group, several: one a seat (see
/// SubscriptionIndex). They are learned from the batches, and each has a number here.
/// Pure: `now` is passed in. One thread uses it.
class Reception {
public:
    /// `handler_count`: the handlers of this node's contract. The first numbers are theirs.
    explicit Reception(std::size_t handler_count);

    /// For tests only: breaks a rule.
    void plant(FlowFault fault) { fault_ = fault; }

    /// Begins a session: only its batches count from now on.
    void open(std::uint64_t session, TimePoint now);

    std::uint64_t session() const { return session_; }

    /// Where the subscription stands, if the publisher served it before.
    std::optional<Progress> standing(SubscriptionIndex index) const;

    /// The subscriptions that there ever were, one a seat.
    std::size_t count() const { return subscriptions_.size(); }

    /// By their number.
    SubscriptionIndex index(std::size_t number) const { return subscriptions_[number].index; }

    /// The subscriptions of a handler that the publisher served: at most one a seat.
    std::vector<SubscriptionIndex> served(std::uint16_t handler) const;

    /// One subscription takes a batch: the events after `before` up to `after` are for it.
    struct Taken {
        SubscriptionIndex index = 0;
        std::uint64_t before = 0;
        std::uint64_t lost = 0; ///< events that it will not get, before the batch's first
        Progress after;
        std::size_t number = 0;
        bool is_other = false; ///< the first of it, in place of another one of this number
    };

    /// Who takes this batch. Subscriptions that stand elsewhere ignore it, and `rewinds` names
    /// them. A batch of another session is nobody's.
    std::vector<Taken> take(const BatchHeader& header);

    /// What to ask of the publisher because of batches that did not fit: each at most every
    /// 200 ms until one fits.
    std::vector<SubscriptionIndex> rewinds(TimePoint now);

    /// The publisher says how far it took a subscription. True when a head that was heard of a
    /// second ago is still not reached: the link is broken without anybody noticing.
    bool hear_head(SubscriptionIndex index, std::uint64_t head, TimePoint now);

    /// The handler is done with everything up to here, of the subscription of this number.
    void processed(std::size_t number, const Progress& progress);

    /// What the handler received and has not processed is to come again: it takes nothing more
    /// of this session, and goes on from there in the next one.
    void restart(std::uint16_t handler);

    /// What the handler knows is of another history: it has never had anything.
    void forget(std::uint16_t handler);

    /// Whether to acknowledge now: half the window is used up, or a handler has nothing left to
    /// do, or an event waits for 20 ms, or a second passed.
    bool is_acknowledgement_due(TimePoint now) const;

    /// When to ask again at the latest.
    TimePoint next_due() const;

    /// What to acknowledge, and notes that it is done: one a subscription that was served.
    std::vector<std::pair<SubscriptionIndex, Progress>> acknowledge(TimePoint now);

    /// Credit that a handler grants this publisher, all its subscriptions together.
    void grant(std::uint16_t handler, Volume window) { handlers_[handler].window = window; }

    Volume window(std::uint16_t handler) const { return handlers_[handler].window; }

    /// Whether the publisher's first batch of the session is here: its link works.
    bool is_linked() const { return is_linked_; }

private:
    struct Standing {
        SubscriptionIndex index = 0;
        bool is_started = false;
        Progress received;
        Progress processed;
        Progress acknowledged;
        bool is_misplaced = false; ///< a batch did not fit
        TimePoint rewind_asked_at{};
        std::uint64_t missed_head = 0; ///< heard of, not reached; 0: none
        std::uint64_t missed_at = 0;   ///< where the subscription stood then
        SubscriptionIndex missed_index = 0;
        TimePoint missed_since{};
    };

    FlowFault fault_ = FlowFault::none;
    std::uint64_t session_ = 0;
    bool is_linked_ = false;
    TimePoint acknowledged_at_{};
    std::optional<std::size_t> number_of(SubscriptionIndex index) const;
    Standing* add(SubscriptionIndex index);

    struct Handler {
        Volume window;
        bool is_out = false;      ///< takes nothing before the next session
        std::uint64_t served = 0; ///< subscriptions that the publisher served
    };

    std::vector<Handler> handlers_;
    std::vector<Standing> subscriptions_;                  ///< by number
    std::unordered_map<std::uint32_t, std::size_t> seats_; ///< numbers, of those beyond the first
};

} // namespace mesh
