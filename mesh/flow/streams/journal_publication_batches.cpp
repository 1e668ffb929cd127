// JournalPublication, the part that decides what the next batch of a link holds.

#include "mesh/flow/streams/journal_publication.hpp"

#include <algorithm>

namespace mesh {

namespace {

// Reading on for events that are wanted ends after this much, so that nobody else waits long.
constexpr int archive_reads_max = 8;

std::uint64_t untold(const Subscription& subscription) {
    return subscription.told < subscription.lost_through ? subscription.lost : 0;
}

} // namespace

bool JournalPublication::can_send(const Subscription& subscription) const {
    if (subscription.is_paused || !subscription.is_stored)
        return false;
    if (!subscription.is_announced || untold(subscription) > 0)
        return true;
    if (subscription.is_choosing)
        return false;
    const bool may_have = subscription.is_behind || subscription.pending.events > 0;
    return may_have && subscription.has_room(subscription.in_flight(), subscription.next_bytes);
}

Subscription* JournalPublication::next_to_serve(const Link& link) const {
    Subscription* next = nullptr;
    for (auto* subscription : link.subscriptions)
        if (can_send(*subscription) && (next == nullptr || subscription->cursor < next->cursor))
            next = subscription;
    return next;
}

const BatchPlan* JournalPublication::plan(LinkNumber number) {
    has_more_ = false;
    const auto found = links_.find(number);
    if (found == links_.end())
        return nullptr;
    auto& link = found->second;
    for (auto* subscription : link.subscriptions)
        if (subscription->is_choosing)
            choose_on(*subscription);
    for (int reads = 0;;) {
        const auto* leader = next_to_serve(link);
        if (leader == nullptr && (link.is_announced || !link.subscriptions.empty()))
            return nullptr;
        plan_.clear(leader == nullptr ? last() : leader->cursor, log_.last_time_us());
        planned_.clear();
        plan_.header.source = source_;
        plan_.header.incarnation = 0;
        plan_.header.session = link.session;
        if (leader == nullptr)
            return &plan_; // says that the link works: what its member gets is still somebody
                           // else's
        const auto from = leader->cursor;
        const auto limit = choose(link, *leader);
        const auto reached = leader->is_choosing ? from
                             : leader->is_behind ? plan_archive(link, from, limit)
                                                 : plan_log(link, from, limit);
        for (std::size_t i = 0; i < plan_.served.size(); ++i) {
            auto& position = plan_.header.positions[i];
            position.after = std::max(position.before, reached);
            if (untold(*plan_.served[i]) > 0) // a gap is told as a whole
                position.after = std::max(position.after, plan_.served[i]->lost_through);
        }
        if (is_worth_sending())
            return &plan_;
        if (!pass_over(reached))
            return nullptr; // nothing can be read now
        if (leader->is_behind && ++reads == archive_reads_max) {
            has_more_ = true;
            return nullptr;
        }
    }
}

/// Who shares the batch: whoever stands where the leader does. Returns how far it may go: to where
/// the next one stands, who joins in then.
std::uint64_t JournalPublication::choose(const Link& link, const Subscription& leader) {
    auto limit = last();
    for (auto* subscription : link.subscriptions) {
        if (!can_send(*subscription) || !may_share_batch(leader, *subscription) ||
            subscription->is_choosing != leader.is_choosing)
            continue;
        if (subscription->cursor > leader.cursor) {
            limit = std::min(limit, subscription->cursor);
            continue;
        }
        serve_next(*subscription, untold(*subscription));
    }
    return limit;
}

/// Nothing is wanted up to here, or the next event has no room: now that it is known, others go on.
/// False when that leads nowhere.
bool JournalPublication::pass_over(std::uint64_t reached) {
    bool is_news = false;
    for (auto* subscription : plan_.served) {
        is_news = is_news || reached > subscription->cursor || !can_send(*subscription);
        subscription->cursor = std::max(subscription->cursor, reached);
        if (subscription->is_behind)
            look_ahead(*subscription);
    }
    return is_news;
}

BatchPosition* JournalPublication::position_of(const Subscription* subscription) {
    const auto at = std::ranges::find(plan_.served, subscription);
    return at == plan_.served.end()
               ? nullptr
               : &plan_.header.positions[static_cast<std::size_t>(at - plan_.served.begin())];
}

/// Puts the event into the batch if one of the served wants it. False when the batch ends before.
bool JournalPublication::take(Link& link, const EventLog::Entry& entry) {
    const auto size = entry.record.size();
    bool is_wanted = false;
    bool has_room = true;
    for (auto* subscription : link.wanting[entry.topic]) {
        const auto* position = position_of(subscription);
        if (position == nullptr || !subscription->has_own(entry))
            continue;
        is_wanted = true;
        const Volume more{position->events + position->lost, position->bytes};
        if (fault_ == JournalFault::ignores_credit ||
            subscription->has_room(subscription->in_flight() + more, size))
            continue;
        has_room = false;
        subscription->next_bytes = size;
    }
    if (!is_wanted)
        return true;
    const bool is_full = !plan_.is_empty() && plan_.size_bytes() + size > batch_size_bytes_target;
    if (!has_room || is_full)
        return false;
    if (plan_.is_empty())
        plan_.start_at(entry.sequence - 1, entry.time_us - time_delta_us(entry.record));
    if (!plan_.add(entry.sequence, entry.time_us, entry.record))
        return false;
    define_topic(link, entry.topic);
    for (const auto* subscription : link.wanting[entry.topic])
        if (auto* position = position_of(subscription);
            position != nullptr && subscription->has_own(entry)) {
            ++position->events;
            position->bytes += static_cast<std::uint32_t>(size);
            planned_.push_back({subscription, entry.topic, entry.sequence});
        }
    return true;
}

std::uint64_t JournalPublication::plan_log(Link& link, std::uint64_t from, std::uint64_t limit) {
    std::uint64_t left = 0; // wanted events that the served ones have not got yet
    for (const auto* subscription : plan_.served)
        left += subscription->pending.events;
    auto reached = from;
    for (auto reader = log_.read_from(from + 1); left > 0 && !reader.is_at_end(); reader.step()) {
        const auto entry = reader.entry();
        if (entry.sequence > limit || !take(link, entry))
            break;
        for (const auto* subscription : link.wanting[entry.topic])
            left -= position_of(subscription) != nullptr && subscription->has_own(entry) ? 1U : 0U;
        reached = entry.sequence;
    }
    return reached;
}

std::uint64_t JournalPublication::plan_archive(Link& link, std::uint64_t from,
                                               std::uint64_t limit) {
    const auto start = from + 1;
    if (start < archive_.first())
        return std::min({archive_.first() - 1, log_.first() - 1, limit}); // gone, and counted
    const auto stretch = archive_.read(start, batch_size_bytes_target);
    if (stretch.reached < start)
        return from;
    auto reached = start - 1;
    const auto skip_to = [&](std::uint64_t sequence) {
        // Damaged events: whoever might have wanted them is told that they are lost.
        if (fault_ != JournalFault::hides_damage)
            for (std::size_t i = 0; i < plan_.served.size(); ++i)
                plan_.header.positions[i].lost +=
                    plan_.served[i]->picked_count(reached + 1, sequence - 1);
        reached = sequence - 1;
    };
    for (const auto& entry : stretch.entries) {
        if (entry.sequence > limit)
            break;
        if (entry.sequence > reached + 1)
            skip_to(entry.sequence);
        if (!take(link, entry))
            return reached;
        reached = entry.sequence;
    }
    const auto end = std::min(stretch.reached, limit);
    if (end > reached)
        skip_to(end + 1);
    return end;
}

void JournalPublication::sent(LinkNumber number) {
    auto& link = links_.at(number);
    link.is_announced = true;
    for (const auto& definition : plan_.header.topics)
        link.is_defined[definition.number] = true;
    for (std::size_t i = 0; i < plan_.served.size(); ++i) {
        auto& one = *plan_.served[i];
        const auto& position = plan_.header.positions[i];
        one.told = position.after;
        one.told_highest = std::max(one.told_highest, one.told);
        one.cursor = std::max(one.cursor, position.after);
        one.sent = one.sent + Volume{position.events + position.lost, position.bytes};
        count_sent(one, position);
        one.furthest.position = std::max(one.furthest.position, one.told);
        one.furthest.volume.events = std::max(one.furthest.volume.events, one.sent.events);
        one.furthest.volume.bytes = std::max(one.furthest.volume.bytes, one.sent.bytes);
        one.is_announced = true;
        if (one.is_behind) {
            look_ahead(one);
        } else {
            one.pending.events -= position.events;
            one.pending.bytes -= position.bytes;
        }
        if (!one.is_behind && one.pending.events == 0)
            one.cursor = last();
    }
}

bool JournalPublication::has_all(const Subscription& one) const {
    return !one.is_behind && one.pending.events == 0 && untold(one) == 0 &&
           one.in_flight().events == 0;
}

bool JournalPublication::is_done(const Subscription& part) const {
    return has_all(part) && part.told == part.done.position;
}

bool JournalPublication::is_plain(const Subscription& part) const {
    return part.is_announced && untold(part) == 0 && part.told >= part.gone_through &&
           part.picked_until <= part.told;
}

std::vector<std::string> JournalPublication::owed() const {
    auto keys = behind();
    for (const auto& entry : subscriptions_) { // Clang 14 captures no structured binding
        const auto& one = *entry.second;
        if (!one.link && one.is_lasting && std::ranges::any_of(topics_, [&](const Topic& topic) {
                return topic.last > one.done.position && one.wants(topic.name);
            }))
            keys.push_back(entry.first);
    }
    return keys;
}

} // namespace mesh
