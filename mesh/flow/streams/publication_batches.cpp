// Publication, the part that decides what the next batch of a link holds.

#include "mesh/flow/streams/publication.hpp"

#include <algorithm>
#include <cassert>

namespace mesh {

namespace {

/// Why it loses what the log let go.
LossReason reason_of_trimming(const Subscription& subscription) {
    return subscription.policy == Policy::spill ? LossReason::spill : LossReason::trimmed;
}

} // namespace

const BatchPlan* Publication::plan(LinkNumber number) {
    settle_accounts();
    const auto found = links_.find(number);
    if (found == links_.end())
        return nullptr;
    auto& link = found->second;
    for (;;) {
        Subscription* leader = nullptr;
        bool is_crowded = false;
        for (auto* subscription : link.subscriptions) {
            if (!subscription->can_send())
                continue;
            is_crowded = is_crowded || subscription->crowded_until > subscription->cursor;
            if (leader == nullptr || subscription->cursor < leader->cursor)
                leader = subscription;
        }
        if (leader == nullptr && (link.is_announced || !link.subscriptions.empty()))
            return nullptr;
        if (is_crowded && keys_ && keyed_until_ < log_.last())
            mark_superseded();
        plan_.clear(leader == nullptr ? log_.last() : leader->cursor, log_.last_time_us());
        plan_.header.source = source_;
        plan_.header.incarnation = incarnation_;
        plan_.header.session = link.session;
        planned_fast_.clear();
        planned_gap_.reset();
        if (leader == nullptr)
            return &plan_; // says that the link works: what its member gets is still somebody
                           // else's
        if (leader->has_unsent_overflow()) {
            if (!is_loaded(*leader)) {
                // What cannot be read back is a gap from now on.
                begin_accounts_anew();
                place(*leader, {leader->told, leader->sent});
                continue;
            }
            plan_overflow(link, *leader);
        } else if (leader->has_hole) {
            plan_gap(*leader, log_.first() - 1, trimmed_wanted_count(*leader) - leader->sent.events,
                     {reason_of_trimming(*leader), {}, {}, 0, {}});
        } else if (leader->has_only_refused()) {
            plan_gap(*leader, log_.last(), leader->refused,
                     {LossReason::policy, {}, {}, leader->refused, refused_topics(*leader)});
        } else {
            plan_log(link, *leader);
        }
        if (is_worth_sending())
            return &plan_;
        // Nothing is wanted up to here, or the next event has no room: now that it is known, the
        // others go on without whoever has to wait.
        bool is_news = false;
        for (std::size_t i = 0; i < plan_.served.size(); ++i) {
            auto& subscription = *plan_.served[i];
            const auto reached = std::max(subscription.cursor, plan_.header.positions[i].after);
            is_news = is_news || reached > subscription.cursor || !subscription.can_send();
            subscription.cursor = reached;
        }
        assert(is_news || fault_ != FlowFault::none);
        if (!is_news)
            return nullptr; // a wrong count must not become an endless loop
    }
}

void Publication::serve(Subscription& subscription) {
    serve_next(subscription, 0);
    planned_fast_.emplace_back();
}

void Publication::plan_gap(Subscription& subscription, std::uint64_t after, std::uint64_t count,
                           const PlannedGap& gap) {
    // A gap goes alone, so that it ends where the lost events do: then it is told exactly, and its
    // acknowledgement means that it was heard of.
    serve(subscription);
    auto& position = plan_.header.positions.front();
    position.after = after;
    const bool is_miscounted = fault_ == FlowFault::miscounts_gaps && count > 1;
    position.lost = count - (is_miscounted ? 1 : 0);
    planned_gap_ = gap;
}

bool Publication::is_loaded(Subscription& subscription) {
    const auto& overflow = subscription.overflow;
    const bool has_next = !overflow.empty() && overflow.back().sequence > subscription.cursor;
    return has_next || load_after(subscription, subscription.cursor);
}

void Publication::plan_overflow(Link& link, Subscription& subscription) {
    const auto& overflow = subscription.overflow;
    auto next = std::ranges::find_if(
        overflow, [&](const auto& kept) { return kept.sequence > subscription.cursor; });
    if (const auto lost = next->index - 1 - subscription.sent.events; lost > 0)
        return plan_gap(subscription, next->sequence - 1, lost,
                        {reason_of_trimming(subscription), {}, {}, 0, {}});
    serve(subscription);
    auto& position = plan_.header.positions.front();
    position.after = next->sequence - 1;
    auto index = next->index;
    for (; next != overflow.end() && next->index == index; ++next, ++index) {
        const Volume more{position.events, position.bytes};
        const auto size = next->record.size();
        if (!subscription.has_room(subscription.in_flight() + more, size)) {
            subscription.next_bytes = size;
            break;
        }
        if (!plan_.is_empty() && plan_.size_bytes() + size > batch_size_bytes_target)
            break;
        if (plan_.is_empty())
            plan_.start_at(next->sequence - 1, next->time_us - time_delta_us(next->record));
        if (!plan_.add(next->sequence, next->time_us, next->record))
            break;
        define_topic(link, next->topic);
        ++position.events;
        position.bytes += static_cast<std::uint32_t>(next->record.size());
        position.after = next->sequence;
    }
}

void Publication::sent(LinkNumber number) {
    // What is on the way and what waits are one sum for most; not for events of level `fast`, which
    // take no room before, nor for those who refuse until they are told.
    const bool is_plain = !planned_gap_ && std::ranges::all_of(planned_fast_, [](Volume fast) {
        return fast.events == 0;
    });
    is_plain ? settle_accounts() : begin_accounts_anew();
    auto& link = links_.at(number);
    link.is_announced = true;
    for (const auto& definition : plan_.header.topics)
        link.define(definition.number);
    for (std::size_t i = 0; i < plan_.served.size(); ++i) {
        auto& subscription = *plan_.served[i];
        const auto& position = plan_.header.positions[i];
        subscription.tell(position.before, position.after);
        subscription.cursor = std::max(subscription.cursor, position.after);
        subscription.sent =
            subscription.sent + Volume{position.events + position.lost, position.bytes};
        auto& furthest = subscription.furthest;
        furthest.position = std::max(furthest.position, subscription.told);
        furthest.volume.events = std::max(furthest.volume.events, subscription.sent.events);
        furthest.volume.bytes = std::max(furthest.volume.bytes, subscription.sent.bytes);
        subscription.pending = subscription.pending - Volume{position.events, position.bytes};
        subscription.pending_fast = subscription.pending_fast - planned_fast_[i];
        subscription.is_announced = true;
        if (subscription.counts_trims)
            count_sent(subscription, position);
        if (planned_gap_)
            settle_gap(subscription, position);
        if (subscription.has_hole)
            subscription.has_hole = has_hole(subscription);
        // What is put aside can be read again.
        auto& overflow = subscription.overflow;
        while (!subscription.spilled.empty() && !overflow.empty() &&
               overflow.front().sequence <= subscription.cursor)
            overflow.pop_front();
        if (subscription.pending.events == 0 && subscription.refused == 0 && !subscription.has_hole)
            subscription.cursor = log_.last();
    }
}

void Publication::settle_gap(Subscription& subscription, const BatchPosition& position) {
    const auto& gap = *planned_gap_;
    subscription.pending = subscription.pending - gap.pending;
    subscription.pending_fast = subscription.pending_fast - gap.pending_fast;
    subscription.refused -= gap.refused;
    if (gap.refused > 0)
        subscription.refused_from = 0;
    subscription.tell_gap({position.after, subscription.sent.events - position.lost, position.lost,
                           gap.reason, gap.topics});
    for (auto watched = watched_.upper_bound(position.before);
         watched != watched_.end() && watched->first <= position.after; ++watched)
        if (const auto one = watched->second.find(subscription.key); one != watched->second.end())
            one->second = true;
}

} // namespace mesh
