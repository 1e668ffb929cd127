#pragma once

#include "mesh/base/time.hpp"
#include "mesh/flow/flow_fault.hpp"
#include "mesh/flow/subscription.hpp"
#include "mesh/wire/batch.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace mesh {

/// What one node receives from one run of one publisher: where each of its subscriptions stands,
/// which batches they take, and when to acknowledge. The other end of Publication.
/// Pure: `now` is passed in. One thread uses it.
class Reception {
public:
    /// `subscription_count`: the handlers of this node's contract; a position's index counts them.
    explicit Reception(std::size_t subscription_count) : subscriptions_(subscription_count) {}

    /// For tests only: breaks a rule.
    void plant(FlowFault fault) { fault_ = fault; }

    /// Begins a session: only its batches count from now on.
    void open(std::uint64_t session, TimePoint now);

    std::uint64_t session() const { return session_; }

    /// Where the subscription stands, if the publisher served it before.
    std::optional<Progress> standing(std::uint16_t index) const;

    /// One subscription takes a batch: the events after `before` up to `after` are for it.
    struct Taken {
        std::uint16_t index = 0;
        std::uint64_t before = 0;
        std::uint64_t lost = 0; ///< events that it will not get, before the batch's first
        Progress after;
    };

    /// Who takes this batch. Subscriptions that stand elsewhere ignore it, and `rewinds` names
    /// them. A batch of another session is nobody's.
    std::vector<Taken> take(const BatchHeader& header);

    /// What to ask of the publisher because of batches that did not fit: each at most every
    /// 200 ms until one fits.
    std::vector<std::uint16_t> rewinds(TimePoint now);

    /// The publisher says how far it took a subscription. True when a head that was heard of a
    /// second ago is still not reached: the link is broken without anybody noticing.
    bool hear_head(std::uint16_t index, std::uint64_t head, TimePoint now);

    /// The handler is done with everything up to here.
    void processed(std::uint16_t index, const Progress& progress);

    /// What the subscription received and has not processed is to come again: it takes nothing more
    /// of this session, and goes on from there in the next one.
    void restart(std::uint16_t index);

    /// Whether to acknowledge now: half the window is used up, or a handler has nothing left to
    /// do, or an event waits for 20 ms, or a second passed.
    bool is_acknowledgement_due(TimePoint now) const;

    /// When to ask again at the latest.
    TimePoint next_due() const;

    /// What to acknowledge, and notes that it is done: one a subscription that was served.
    std::vector<std::pair<std::uint16_t, Progress>> acknowledge(TimePoint now);

    /// Credit that each subscription grants this publisher.
    void grant(std::uint16_t index, Volume window) { subscriptions_[index].window = window; }

    Volume window(std::uint16_t index) const { return subscriptions_[index].window; }

    /// Whether the publisher's first batch of the session is here: its link works.
    bool is_linked() const { return is_linked_; }

private:
    struct Standing {
        bool is_started = false;
        Progress received;
        Progress processed;
        Progress acknowledged;
        Volume window;
        bool is_misplaced = false; ///< a batch did not fit
        bool is_out = false;       ///< takes nothing before the next session
        TimePoint rewind_asked_at{};
        std::uint64_t missed_head = 0; ///< heard of, not reached; 0: none
        std::uint64_t missed_at = 0;   ///< where the subscription stood then
        TimePoint missed_since{};
    };

    FlowFault fault_ = FlowFault::none;
    std::uint64_t session_ = 0;
    bool is_linked_ = false;
    TimePoint acknowledged_at_{};
    std::vector<Standing> subscriptions_;
};

} // namespace mesh
