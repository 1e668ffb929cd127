// Publication, the part that counts what is appended for those who want it.

#include "mesh/flow/streams/publication.hpp"

#include <algorithm>
#include <limits>

namespace mesh {

void Publication::note_appended(std::uint16_t number, std::size_t record_size_bytes, bool is_fast,
                                std::uint8_t slot) {
    if (uncounted_.has_room(number, record_size_bytes, is_fast))
        return count_later(number, record_size_bytes);
    auto& topic = topics_[number];
    topic.last_sequence = log_.last();
    ++topic.published_count;
    concerned_links_.clear();
    concerned_topic_.reset();
    for (auto* subscription : topic.subscriptions) {
        if (slot != EventLog::no_slot && !subscription->slots.has(slot, log_.last()))
            continue;
        add(*subscription, log_.last(), {1, record_size_bytes}, is_fast);
        note_concerned(*subscription);
    }
    uncounted_.take_room(record_size_bytes);
    const bool is_out_of_room = uncounted_.has_begun(number);
    if (is_out_of_room)
        uncounted_.clear();
    if (const auto room = room_for(number, is_fast))
        uncounted_.begin(number, *room, is_fast);
}

void Publication::count_later(std::uint16_t number, std::size_t record_size_bytes) {
    auto& topic = topics_[number];
    topic.last_sequence = log_.last();
    ++topic.published_count;
    uncounted_.add(number, log_.last(), record_size_bytes);
    if (concerned_topic_ == number)
        return;
    // Mostly the same subscriptions want both.
    const bool is_alike =
        concerned_topic_ && topics_[*concerned_topic_].subscriptions == topic.subscriptions;
    concerned_topic_ = number;
    if (is_alike)
        return;
    concerned_links_.clear();
    for (const auto* subscription : topic.subscriptions)
        note_concerned(*subscription);
}

/// How much of the topic may come before one of those who want it has no room, so that each event
/// is counted alike; nothing when each one has to be looked at.
std::optional<Volume> Publication::room_for(std::uint16_t topic, bool is_fast) const {
    constexpr auto unbounded = std::numeric_limits<std::uint64_t>::max();
    Volume room{unbounded, unbounded};
    for (const auto* one : topics_[topic].subscriptions) {
        if (!one->slots.is_all())
            return std::nullopt;
        const bool is_never_full = one->policy == Policy::drop_oldest ||
                                   one->policy == Policy::spill ||
                                   (one->policy == Policy::block && is_fast);
        auto out = one->in_flight() + one->pending;
        if (one->policy == Policy::block)
            out = out - one->pending_fast;
        const bool is_full = out.events >= one->window.events || out.bytes >= one->window.bytes;
        // Whoever refuses, or had no room, goes on like that until something is acknowledged.
        const bool stays_full = one->refused > 0 || (one->policy == Policy::latest && is_full);
        if (is_never_full || stays_full || fault_ == FlowFault::counts_on_room)
            continue;
        if (is_full)
            return std::nullopt;
        room = {std::min(room.events, one->window.events - out.events),
                std::min(room.bytes, one->window.bytes - out.bytes)};
    }
    return room;
}

void Publication::settle_accounts() const {
    uncounted_.each([this](const UncountedEvents::Topic& topic) {
        for (auto* subscription : topics_[topic.number].subscriptions)
            add(*subscription, topic.first_sequence, topic.volume, uncounted_.is_fast());
    });
    uncounted_.settle();
}

void Publication::begin_accounts_anew() {
    settle_accounts();
    uncounted_.clear();
}

/// What follows in the log from `first_sequence` on, be it with events in between that it does not
/// want. Several only when all of them have room, or none.
void Publication::add(Subscription& subscription, std::uint64_t first_sequence, Volume volume,
                      bool is_fast) const {
    auto& pending = subscription.pending;
    if (pending.events == 0 && subscription.refused == 0 && !subscription.has_hole)
        subscription.cursor = first_sequence - 1;
    const auto has_room = [&] {
        return subscription.has_room(subscription.in_flight() + pending, volume.bytes);
    };
    // What is refused follows what waits: as long as a gap is not told, all that comes joins it.
    if (subscription.policy == Policy::drop_newest && (subscription.refused > 0 || !has_room())) {
        if (fault_ == FlowFault::forgets_refused)
            return;
        if (subscription.refused == 0)
            subscription.refused_from = first_sequence;
        subscription.refused += volume.events;
        return;
    }
    if (subscription.policy == Policy::latest && !has_room())
        subscription.crowded_until = log_.last();
    pending = pending + volume;
    if (is_fast)
        subscription.pending_fast = subscription.pending_fast + volume;
    else if (subscription.pending_fast.events > 0)
        subscription.next_bytes = 1; // it need not wait for what gives way
}

} // namespace mesh
