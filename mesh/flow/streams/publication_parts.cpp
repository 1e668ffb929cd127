// Publication, the part that divides and joins the parts of groups.

#include "mesh/flow/streams/publication.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

void Publication::serve(Subscription& part, LinkNumber link, const SubscriptionRequest& request) {
    disconnect(part);
    // What was published under the credit of another member still has to be kept.
    const auto highest = part.window_bytes_highest;
    connect(link, admit(request, WallTime{}, Duration{}));
    part.window_bytes_highest = std::max(part.window_bytes_highest, highest);
}

void Publication::hold(Subscription& part) {
    if (part.link == waiting_room)
        return;
    disconnect(part);
    part.sent_highest = std::max(part.sent_highest, part.furthest.position);
    part.is_paused = false;
    place(part, part.done);
    part.furthest = part.done;
    connect(waiting_room, part);
}

Subscription& Publication::split(Subscription& from, SlotMask slots, std::string key) {
    // What the log let go was counted, and maybe put aside, for the whole: that stays together.
    const bool is_divisible = from.told + 1 >= log_.first() && !from.has_hole &&
                              from.refused == 0 && from.picked_until <= from.told &&
                              !from.has_unsent_overflow() && from.spilled.empty();
    const auto position = is_divisible ? from.told : log_.last();
    auto& piece = *(subscriptions_[key] = std::make_unique<Subscription>());
    piece.key = std::move(key);
    piece.patterns = from.patterns;
    piece.policy = from.policy;
    piece.depth = from.depth;
    piece.window = from.window;
    piece.window_bytes_highest = from.window_bytes_highest;
    piece.first_position = position;
    piece.done = piece.furthest = piece.counted = {position, {}};
    piece.fast_after = from.fast_after;
    piece.live_after = from.live_after;
    piece.crowded_until = from.crowded_until;
    piece.detached_at = from.detached_at;
    piece.counts_trims = true;
    piece.slots = HeldSlots(slots);
    if (!from.counts_trims) {
        from.retired_trimmed_count = trimmed_wanted_count(from);
        from.counts_trims = true;
        from.sent_by_topic = told_by_topic(from);
        from.counted = from.furthest;
        from.topic_counts_before.clear();
    }
    from.slots.give(slots, position);
    for (auto reader = log_.read_from(position + 1); !reader.is_at_end(); reader.step()) {
        const auto entry = reader.entry();
        if (!piece.wants(topics_[entry.topic].name) || !piece.has_slot_of(entry))
            continue;
        from.pending = from.pending - Volume{1, entry.record.size()};
        if (entry.is_fast)
            from.pending_fast = from.pending_fast - Volume{1, entry.record.size()};
        if (const auto watched = watched_.find(entry.sequence); watched != watched_.end())
            if (const auto one = watched->second.extract(from.key); !one.empty())
                watched->second.emplace(piece.key, one.mapped());
    }
    from.next_bytes = 1;
    if (from.pending.events == 0 && from.refused == 0 && !from.has_hole)
        from.cursor = log_.last();
    piece.patterns = from.group->patterns();
    place(piece, piece.done);
    connect(waiting_room, piece);
    return piece;
}

void Publication::merge(Subscription& into, Subscription& from) {
    into.slots.take(from.slots.mask(), from.told);
    // All that was trimmed lies behind them: from here on both count as one.
    into.counts_trims = true;
    into.topic_counts_before.clear();
    into.first_position = into.told;
    into.retired_trimmed_count = into.sent.events;
    into.fast_after = std::max(into.fast_after, from.fast_after);
    into.sent_highest = std::max(into.sent_highest, from.sent_highest);
    into.live_after = std::max(into.live_after, from.live_after);
    into.crowded_until = std::max(into.crowded_until, from.crowded_until);
    into.is_paused = false;
    for (auto& [sequence, watched] : watched_)
        if (const auto one = watched.extract(from.key); !one.empty())
            watched.emplace(into.key, one.mapped());
    place(into, into.done);
    end(from, into);
}

void Publication::end(Subscription& part, Subscription& heir) {
    heir.counts.acknowledged += part.counts.acknowledged;
    for (std::size_t i = 0; i < loss_reason_count; ++i)
        heir.counts.lost[i] += part.counts.lost[i];
    // It is done with all that it wanted; what it lost stays lost.
    for (auto& [sequence, watched] : watched_)
        std::erase_if(watched,
                      [&](const auto& one) { return one.first == part.key && !one.second; });
    disconnect(part);
    forget_kept(part);
    subscriptions_.erase(std::string(part.key));
}

void Publication::begin_anew(Subscription& part) {
    part.done = {log_.first() - 1, {}};
}

void Publication::settle_slots(Subscription& part) {
    const auto position = part.slots.last_change_to(part.done.position);
    // Its own events up to there are counted by the slots that it had then, trimmed or not.
    for (auto reader = log_.read_from(std::max(part.first_position, log_.first() - 1) + 1);
         !reader.is_at_end() && reader.entry().sequence <= position; reader.step()) {
        const auto entry = reader.entry();
        if (part.wants(topics_[entry.topic].name) && part.has_own(entry))
            ++part.retired_trimmed_count;
    }
    part.first_position = std::max(part.first_position, position);
    part.slots.settle(part.done.position);
}

void Publication::catch_up(Subscription& part) {
    part.cursor = log_.last();
    part.is_announced = false;
}

void Publication::forget(Subscription& subscription) {
    forget_kept(subscription);
    groups_.remove(subscription);
    subscriptions_.erase(std::string(subscription.key));
}

bool Publication::is_done(const Subscription& part) const {
    return part.is_dry() && part.told == part.done.position;
}

bool Publication::is_plain(const Subscription& part) const {
    return part.is_announced && !part.has_hole && part.overflow.empty() && part.spilled.empty() &&
           part.refused == 0 && part.picked_until <= part.told && part.told_gaps.empty() &&
           part.told + 1 >= log_.first();
}

void Publication::count_trims(Subscription& subscription) {
    const auto chunk_last = log_.oldest_chunk_last();
    for (auto reader = log_.read_from(log_.first()); !reader.is_at_end(); reader.step()) {
        const auto entry = reader.entry();
        if (entry.sequence > chunk_last)
            break;
        if (subscription.wants(topics_[entry.topic].name) &&
            subscription.has_in_range(entry.sequence) && subscription.has_slot_of(entry))
            ++subscription.retired_trimmed_count;
    }
}

} // namespace mesh
