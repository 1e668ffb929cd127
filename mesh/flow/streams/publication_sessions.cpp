// Publication, the part that deals with subscriptions: where they begin, how far they are.

#include "mesh/flow/streams/publication.hpp"

#include <algorithm>
#include <limits>
#include <string>

namespace mesh {

Subscription& Publication::admit(const SubscriptionRequest& request, WallTime now,
                                 Duration publisher_age) {
    auto& slot = subscriptions_[request.key];
    // The same key on two links: a restarted node came back before its old link was given up.
    if (slot && slot->link && slot->group == nullptr)
        detach(*slot->link, TimePoint{});
    const auto& resume = request.start.resume;
    if (slot && !slot->is_lasting && !resume) {
        forget_kept(*slot);
        slot.reset();
    }
    Progress standing;
    if (!slot) {
        slot = std::make_unique<Subscription>();
        slot->key = request.key;
        slot->patterns = request.patterns;
        standing = begin(*slot, request.start, now, publisher_age);
        slot->done = standing;
    } else {
        // What a run that died was sent of level `fast` does not come again.
        slot->sent_highest = std::max(slot->sent_highest, slot->furthest.position);
        if (!resume)
            slot->fast_after = slot->sent_highest;
        if (slot->policy != request.policy)
            forget_kept(*slot);
        if (!resume || slot->patterns != request.patterns)
            count_anew(*slot, request);
        standing = resume.value_or(slot->done);
    }
    slot->patterns = request.patterns;
    slot->index = request.index;
    slot->policy = request.policy;
    slot->depth = request.depth;
    slot->is_lasting = request.start.is_lasting;
    slot->window = request.window;
    slot->window_bytes_highest = request.window.bytes;
    slot->is_announced = slot->is_paused = false;
    slot->live_after = log_.last();
    slot->crowded_until = 0;
    place(*slot, standing);
    slot->furthest = standing;
    return *slot;
}

void Publication::count_anew(Subscription& subscription, const SubscriptionRequest& request) {
    if (!request.start.resume)
        subscription.losses = {};
    // A new run of the subscriber counts from zero, and whoever wants something else counts other
    // events. What is gone by now is still counted by what it wanted when it was there.
    const auto& resume = request.start.resume;
    const auto counted = resume ? resume->volume.events : subscription.done.volume.events;
    const auto standing = resume.value_or(Progress{subscription.done.position, {}});
    const auto trimmed = trimmed_wanted_count(subscription);
    const bool is_behind = standing.position + 1 < log_.first();
    const auto gone = is_behind && trimmed > counted ? trimmed - counted : 0;
    auto& picked = subscription.picked;
    if (subscription.patterns != request.patterns) {
        forget_unwanted(subscription, request.patterns);
        picked.clear();
        subscription.picked_until = 0;
    }
    for (auto& kept : subscription.overflow)
        kept.index = kept.index - counted + standing.volume.events;
    for (auto& kept : subscription.spilled)
        kept.first_index = kept.first_index - counted + standing.volume.events;
    // Of what was picked, the part before here is dealt with or gone; the rest still lies between.
    const auto rest =
        std::ranges::lower_bound(picked, std::max(standing.position + 1, log_.first()));
    picked.erase(picked.begin(), rest);
    subscription.patterns = request.patterns;
    subscription.first_position = standing.position;
    const auto base = std::max(standing.position, subscription.picked_until);
    if (!subscription.counts_trims)
        count_before(subscription, {base, {}});
    subscription.retired_trimmed_count = standing.volume.events + gone;
    subscription.told_gaps.clear();
    if (!resume) {
        subscription.sent_by_topic.clear();
        subscription.sent_unknown = 0;
        subscription.counted = standing;
    }
    subscription.done = standing;
}

void Publication::place(Subscription& subscription, const Progress& standing) {
    subscription.cursor = standing.position;
    subscription.told = standing.position;
    subscription.sent = standing.volume;
    subscription.pending = {};
    subscription.pending_fast = {};
    subscription.refused = subscription.refused_from = 0;
    subscription.next_bytes = 1;
    // Gaps beyond count again only when it turns out that it has heard of them.
    subscription.told_lost = 0;
    for (const auto& gap : subscription.told_gaps)
        if (gap.after <= standing.position)
            subscription.told_lost += gap.count;
    release_kept(subscription);
    const auto add = [&](std::size_t record_size_bytes, bool is_fast) {
        const Volume one{1, record_size_bytes};
        subscription.pending = subscription.pending + one;
        if (is_fast)
            subscription.pending_fast = subscription.pending_fast + one;
    };
    if (subscription.policy == Policy::spill) {
        subscription.overflow.clear();
        while (!load_after(subscription, standing.position)) {
        } // what cannot be read back is gone
    }
    // What is put aside counts by the stretch; the one in which it stands is read, by the event.
    auto whole_from = std::numeric_limits<std::uint64_t>::max();
    for (const auto& one : subscription.spilled)
        if (one.first_sequence > standing.position) {
            subscription.pending = subscription.pending + one.volume;
            whole_from = std::min(whole_from, one.first_sequence);
        }
    for (const auto& kept : subscription.overflow)
        if (kept.sequence > standing.position && kept.sequence < whole_from)
            add(kept.record.size(), false);
    std::vector<bool> is_wanted(topics_.size());
    for (std::size_t i = 0; i < topics_.size(); ++i)
        is_wanted[i] = subscription.wants(topics_[static_cast<std::uint16_t>(i)].name);
    if (fault_ == FlowFault::skips_one && standing.position > 0)
        ++subscription.cursor; // and what follows is counted from there
    for (auto reader = log_.read_from(subscription.cursor + 1); !reader.is_at_end(); reader.step())
        if (const auto entry = reader.entry();
            is_wanted[entry.topic] && subscription.has_own(entry))
            add(entry.record.size(), entry.is_fast);
    subscription.has_hole = has_hole(subscription);
}

bool Publication::acknowledge(LinkNumber link, SubscriptionIndex index, const Progress& done,
                              Volume window) {
    begin_accounts_anew();
    auto* subscription = acknowledging(link, index, done, window);
    if (subscription == nullptr)
        return false;
    // It is beyond a place that it asked for twice: what was sent again is of no use to it. Nor do
    // the counts agree when some of that was gone the second time.
    if (done.position > subscription->told || done.volume.bytes > subscription->sent.bytes)
        place(*subscription, done);
    const bool is_news = subscription->done != done || subscription->window != window;
    note_done(*subscription, done);
    grant(*subscription, window);
    return is_news;
}

void Publication::note_done(Subscription& subscription, const Progress& done) {
    std::uint64_t lost = 0;
    auto& gaps = subscription.told_gaps;
    const auto note_lost = [&](Subscription::ToldGap& gap, std::uint64_t count) {
        // Of a part of a gap nobody knows which topics it has.
        if (count < gap.count)
            gap.topics.clear();
        subscription.losses.add(gap.reason, count, gap.topics);
        gap.index += count;
        gap.count -= count;
        lost += count;
        subscription.counts.lost[static_cast<std::size_t>(gap.reason)] += count;
    };
    for (; !gaps.empty() && gaps.front().after <= done.position; gaps.pop_front())
        note_lost(gaps.front(), gaps.front().count);
    // Of a gap that was told again as part of a larger one, it may know the smaller.
    if (!gaps.empty() && gaps.front().index < done.volume.events)
        note_lost(gaps.front(),
                  std::min(gaps.front().count, done.volume.events - gaps.front().index));
    if (fault_ != FlowFault::leaks_credit)
        subscription.told_lost -= std::min(lost, subscription.told_lost);
    const auto events =
        done.volume.events - std::min(done.volume.events, subscription.done.volume.events);
    subscription.counts.acknowledged += events - std::min(events, lost);
    subscription.done = done;
    release_kept(subscription);
}

void Publication::rewind(LinkNumber link, SubscriptionIndex index, const Progress& standing) {
    begin_accounts_anew();
    auto* subscription = find(link, index);
    if (subscription == nullptr || standing.position < subscription->done.position ||
        standing.position > subscription->told)
        return;
    place(*subscription, standing);
    // It is told where it stands also when nothing is left to send: else it would ask on and on.
    subscription->is_announced = false;
    if (fault_ != FlowFault::keeps_definitions)
        forget_definitions(links_.at(link));
}

} // namespace mesh
