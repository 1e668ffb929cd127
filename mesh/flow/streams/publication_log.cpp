// Publication, the part that takes events out of the log: who gets which, who loses which.

#include "mesh/flow/streams/publication.hpp"

#include <algorithm>

namespace mesh {

Publication::Fate Publication::fate(const Subscription& subscription, const EventLog::Entry& entry,
                                    Volume on_way, Volume taken, Volume taken_fast) const {
    const auto left = subscription.pending - taken; // this event included
    if (left.events == 0)
        return Fate::waits; // all that waited is taken, this one was refused
    const auto out = subscription.in_flight() + on_way;
    const auto size = entry.record.size();
    if (entry.is_fast) {
        if (entry.sequence <= subscription.fast_after && fault_ != FlowFault::repeats_fast)
            return Fate::lost_fast;
        if (!subscription.has_fast_room(out, size)) {
            // It gives way to those behind it that do wait for credit.
            const auto fast = subscription.pending_fast - taken_fast;
            const bool holds_up = left.events > fast.events && subscription.has_room(out, 1);
            return holds_up ? Fate::lost_fast : Fate::waits;
        }
    }
    if (entry.sequence > subscription.live_after) {
        const bool is_outdated =
            subscription.policy == Policy::drop_oldest && subscription.depth > 0 &&
            left.events + (fault_ == FlowFault::drops_too_many ? 1 : 0) > subscription.depth;
        const bool is_replaced =
            entry.is_superseded && entry.sequence <= subscription.crowded_until;
        if (is_outdated || is_replaced)
            return Fate::lost_policy;
    }
    if (fault_ == FlowFault::ignores_credit)
        return Fate::sent;
    return subscription.has_room(out, size) ? Fate::sent : Fate::waits;
}

void Publication::plan_dropped(Subscription& subscription, EventLog::Reader reader, Fate first) {
    plan_.clear(subscription.cursor, log_.last_time_us());
    planned_fast_.clear();
    PlannedGap gap{first == Fate::lost_fast ? LossReason::fast : LossReason::policy, {}, {}, 0, {}};
    auto after = subscription.told;
    for (; !reader.is_at_end() && gap.pending.events < subscription.pending.events; reader.step()) {
        const auto entry = reader.entry();
        const auto& wanting = topics_[entry.topic].subscriptions;
        if (std::ranges::find(wanting, &subscription) == wanting.end() ||
            !subscription.has_in_range(entry.sequence) || !subscription.has_slot_of(entry))
            continue;
        if (fate(subscription, entry, {}, gap.pending, gap.pending_fast) != first)
            break;
        const Volume one{1, entry.record.size()};
        gap.pending = gap.pending + one;
        count_topic(gap.topics, entry.topic);
        if (entry.is_fast)
            gap.pending_fast = gap.pending_fast + one;
        after = entry.sequence;
    }
    plan_gap(subscription, after, gap.pending.events, gap);
}

/// How many of the events behind `start` may go to the subscription without looking at each: when
/// it wants them all, and has room. Zero when they have to be looked at.
Volume Publication::run_room(const Subscription& subscription, std::uint64_t start) const {
    const auto& pending = subscription.pending;
    const auto& fast = subscription.pending_fast;
    const bool is_all_fast = fast.events == pending.events;
    const bool is_all_wanted = pending.events == log_.last() - start &&
                               (fast.events == 0 || is_all_fast) && subscription.slots.is_all() &&
                               subscription.picked_until <= start && subscription.refused == 0;
    const bool may_lose = (subscription.policy == Policy::drop_oldest && subscription.depth > 0 &&
                           pending.events >= subscription.depth) ||
                          subscription.crowded_until > start ||
                          (is_all_fast && start < subscription.fast_after);
    if (!is_all_wanted || may_lose)
        return {};
    // Level `fast` leaves half the window to the others.
    const std::uint64_t share = is_all_fast ? 2 : 1;
    const Volume room{subscription.window.events / share, subscription.window.bytes / share};
    const auto out = subscription.in_flight();
    return {room.events - std::min(room.events, out.events),
            room.bytes - std::min(room.bytes, out.bytes)};
}

/// The usual case: those that are served want whatever there is, so it goes as it lies in the log.
bool Publication::plan_run(const Link& link, std::uint64_t start, std::uint64_t limit) {
    if (link.undefined_count > 0 || fault_ != FlowFault::none || start + 1 < uneven_ ||
        start >= limit)
        return false;
    Volume room{limit - start, batch_size_bytes_target - encoded_size(plan_.header)};
    for (const auto* subscription : plan_.served) {
        const auto one = run_room(*subscription, start);
        room = {std::min(room.events, one.events), std::min(room.bytes, one.bytes)};
    }
    Volume taken;
    auto reader = log_.read_from(start + 1);
    for (; room.events > 0 && !reader.is_at_end();) {
        const auto run = reader.run(room.events, room.bytes);
        if (run.count == 0)
            break;
        if (taken.events == 0) {
            const auto first = reader.entry();
            plan_.start_at(start, first.time_us - time_delta_us(first.record));
        }
        taken = taken + Volume{run.count, run.bytes.size()};
        room = room - Volume{run.count, run.bytes.size()};
        plan_.add_run(start + taken.events, run.last_time_us, run.bytes);
        reader.step(run.count);
        if (link.is_own)
            break; // what follows lies in another chunk, or in another batch
    }
    for (std::size_t i = 0; taken.events > 0 && i < plan_.served.size(); ++i) {
        auto& position = plan_.header.positions[i];
        position.events = static_cast<std::uint32_t>(taken.events);
        position.bytes = static_cast<std::uint32_t>(taken.bytes);
        position.after = start + taken.events;
        if (plan_.served[i]->pending_fast.events > 0)
            planned_fast_[i] = taken;
    }
    return taken.events > 0;
}

void Publication::plan_log(Link& link, Subscription& leader) {
    auto limit = log_.last();
    const auto start = std::max(leader.cursor, log_.first() - 1);
    for (auto* subscription : link.subscriptions) {
        if (!subscription->can_send() || subscription->has_hole || subscription->has_only_refused())
            continue; // gaps go alone
        if (!may_share_batch(leader, *subscription))
            continue;
        if (subscription->cursor > leader.cursor)
            limit = std::min(limit, subscription->cursor);
        else if (!subscription->has_unsent_overflow())
            serve(*subscription);
    }
    if (plan_run(link, start, limit))
        return;
    auto& positions = plan_.header.positions;
    std::uint64_t left = 0; // wanted events that the served ones have not got yet
    for (const auto* subscription : plan_.served)
        left += subscription->pending.events;

    const auto place_of = [&](const Subscription* subscription) {
        return static_cast<std::size_t>(std::ranges::find(plan_.served, subscription) -
                                        plan_.served.begin());
    };
    auto reached = start;
    for (auto reader = log_.read_from(start + 1); left > 0 && !reader.is_at_end(); reader.step()) {
        const auto entry = reader.entry();
        if (entry.sequence > limit)
            break;
        const auto size = entry.record.size();
        bool is_wanted = false;
        bool has_room = true;
        for (auto* subscription : link.wanting[entry.topic]) {
            const auto i = place_of(subscription);
            if (i == plan_.served.size() || !subscription->has_own(entry))
                continue;
            is_wanted = true;
            const Volume planned{positions[i].events, positions[i].bytes};
            const auto is = fate(*subscription, entry, planned, planned, planned_fast_[i]);
            if (is == Fate::sent)
                continue;
            if (is != Fate::waits && plan_.is_empty())
                return plan_dropped(*subscription, reader, is);
            has_room = false;
            if (is == Fate::waits)
                subscription->next_bytes = size;
        }
        if (is_wanted) {
            const bool is_full =
                !plan_.is_empty() && plan_.size_bytes() + size > batch_size_bytes_target;
            if (!has_room || is_full)
                break;
            if (plan_.is_empty())
                plan_.start_at(entry.sequence - 1, entry.time_us - time_delta_us(entry.record));
            if (!plan_.add(entry.sequence, entry.time_us, entry.record))
                break;
            define_topic(link, entry.topic);
            for (const auto* subscription : link.wanting[entry.topic]) {
                const auto i = place_of(subscription);
                if (i == plan_.served.size() || !subscription->has_own(entry))
                    continue;
                ++positions[i].events;
                positions[i].bytes += static_cast<std::uint32_t>(size);
                if (entry.is_fast)
                    planned_fast_[i] = planned_fast_[i] + Volume{1, size};
                --left;
            }
        }
        reached = entry.sequence;
    }
    for (auto& position : positions)
        position.after = std::max(position.before, reached);
}

} // namespace mesh
