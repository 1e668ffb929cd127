#include "mesh/flow/streams/journal_publication.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <tuple>
#include <utility>

namespace mesh {

JournalPublication::JournalPublication(NodeId source, std::uint64_t last,
                                       std::size_t log_size_bytes_max, Archive& archive)
    : source_(source),
      run_first_(last + 1),
      log_(log_size_bytes_max, last + 1),
      archive_(archive) {}

void JournalPublication::restore(const RememberedSubscription& known, TimePoint now) {
    auto& slot = subscriptions_[known.key];
    slot = std::make_unique<Subscription>();
    slot->key = known.key;
    slot->patterns = known.patterns;
    slot->done.position = std::min(known.position, last());
    if (fault_ == JournalFault::restores_late && known.position > 0)
        slot->done.position = std::min(known.position + 1, last());
    slot->stored = slot->done.position;
    // What went while it was away was not counted: any of it may have been wanted.
    slot->gone_through = archive_.first() - 1;
    if (slot->done.position < slot->gone_through)
        slot->gone = slot->gone_through - slot->done.position;
    slot->detached_at = now;
    if (known.group.empty())
        return;
    slot->slots = HeldSlots(known.slots);
    slot->index = known.index;
    groups_.named(known.group).restore(*slot, known.owner, now);
}

void JournalPublication::add_topic(std::string_view name) {
    const auto number = static_cast<std::uint16_t>(topics_.size());
    topics_.push_back({std::string(name), 0, 0, {}});
    topic_numbers_.emplace(name, number);
    note_topic(number);
}

std::optional<std::uint16_t> JournalPublication::topic_number(std::string_view name) const {
    const auto found = topic_numbers_.find(name);
    return found == topic_numbers_.end() ? std::nullopt : std::optional(found->second);
}

const Subscription* JournalPublication::waits_for(std::string_view topic,
                                                  std::size_t payload_size_bytes,
                                                  std::string_view key) const {
    if (fault_ == JournalFault::never_waits)
        return nullptr;
    const auto is_full = [&](const Subscription* one) {
        return is_short(*one, payload_size_bytes);
    };
    if (const auto number = topic_number(topic))
        return first_full(topics_[*number].subscriptions, key, is_full);
    return first_full(wanting(topic), key, is_full); // a topic that nobody published so far
}

bool JournalPublication::is_short(const Subscription& one, std::size_t payload_size_bytes) const {
    return one.policy == Policy::block && !one.is_behind &&
           !one.has_room(one.in_flight() + one.pending, payload_size_bytes);
}

void JournalPublication::watch(std::uint64_t sequence, std::string_view topic) {
    auto& keys = watched_[sequence];
    for (const auto* one : wanting(topic))
        if (one->slots.is_all() ||
            (sequence >= log_.first() && one->has_slot_of(log_.at(sequence))))
            keys.insert(one->key);
}

Deliveries::Unfinished JournalPublication::unfinished(std::uint64_t sequence) const {
    Unfinished unfinished;
    const auto watched = watched_.find(sequence);
    if (watched == watched_.end())
        return unfinished;
    for (const auto& key : watched->second) {
        const auto subscription = subscriptions_.find(key);
        if (subscription == subscriptions_.end())
            unfinished.lost.push_back(key);
        else if (subscription->second->done.position < sequence)
            unfinished.open.push_back(name_of(*subscription->second));
    }
    return unfinished;
}

void JournalPublication::stop_watching(std::uint64_t sequence) {
    watched_.erase(sequence);
}

void JournalPublication::append(const EventLog::Entry& event) {
    assert(event.sequence == last() + 1 && event.topic < topics_.size());
    auto& topic = topics_[event.topic];
    const bool is_shared = std::ranges::any_of(
        topic.subscriptions, [](const auto* one) { return !one->slots.is_all(); });
    const auto slot = is_shared ? slot_of(event) : EventLog::no_slot;
    std::memcpy(log_.append(event.topic, event.time_us, event.record.size(), false, slot),
                event.record.data(), event.record.size());
    ++topic.published_count;
    topic.last = event.sequence;
    concerned_links_.clear();
    for (auto* subscription : topic.subscriptions) {
        if (subscription->is_behind)
            continue; // the archive has it
        if (is_shared && !subscription->slots.has(slot, event.sequence))
            continue;
        if (subscription->pending.events == 0)
            subscription->cursor = event.sequence - 1;
        ++subscription->pending.events;
        subscription->pending.bytes += event.record.size();
        note_concerned(*subscription);
    }
    if (log_.is_over_bound())
        trim();
}

void JournalPublication::trim() {
    while (log_.is_over_bound()) {
        const auto chunk_last = log_.oldest_chunk_last();
        for (auto& [number, link] : links_)
            for (auto* subscription : link.subscriptions) {
                if (subscription->pending.events == 0 || subscription->cursor >= chunk_last)
                    continue;
                count_gone(*subscription);
                subscription->is_behind = true;
                subscription->pending = {};
                subscription->next_bytes = 1;
            }
        log_.drop_oldest_chunk();
    }
}

void JournalPublication::lose(Subscription& subscription, std::uint64_t count,
                              std::uint64_t through) {
    if (fault_ == JournalFault::miscounts_gaps && count > 0)
        --count;
    const bool is_told = subscription.told >= subscription.lost_through;
    subscription.lost = (subscription.link && is_told ? 0 : subscription.lost) + count;
    subscription.lost_through = through;
}

/// The archive may be shorter than the memory: what it no longer has is lost when memory lets go.
void JournalPublication::count_gone(Subscription& subscription) {
    const auto first = archive_.first();
    const auto counted = std::max(subscription.cursor, subscription.lost_through);
    if (counted + 1 >= first)
        return;
    std::uint64_t count = 0;
    for (auto reader = log_.read_from(counted + 1); !reader.is_at_end(); reader.step()) {
        const auto entry = reader.entry();
        if (entry.sequence >= first)
            break;
        count +=
            subscription.wants(topics_[entry.topic].name) && subscription.has_own(entry) ? 1U : 0U;
    }
    lose(subscription, count, first - 1);
    subscription.cursor = first - 1;
}

void JournalPublication::forget(std::span<const EventLog::Entry> events, std::uint64_t reached) {
    for (auto& [key, subscription] : subscriptions_) {
        auto& one = *subscription;
        const auto count_after = [&](std::uint64_t after) {
            // Whatever is not named may have been wanted.
            return one.picked_count(after + 1, reached) -
                   static_cast<std::uint64_t>(
                       std::ranges::count_if(events, [&](const EventLog::Entry& event) {
                           return event.sequence > after && one.has_picked(event.sequence) &&
                                  (!one.wants(topics_[event.topic].name) ||
                                   !one.has_slot_of(event));
                       }));
        };
        if (const auto from = std::max(one.done.position, one.gone_through); from < reached) {
            one.gone += count_after(from);
            one.gone_through = reached;
        }
        // What is on its way to a subscription, or in memory, is not lost to it so far.
        const auto counted = std::max(one.cursor, one.lost_through);
        if (!one.link || !one.is_behind || one.is_choosing || counted >= reached)
            continue;
        lose(one, count_after(counted), reached);
        one.cursor = reached;
        look_ahead(one);
    }
}

std::uint64_t JournalPublication::first_needed(WallTime now, Duration publisher_age) const {
    const auto lately = now - first_contact_age_max;
    const auto lately_us =
        std::chrono::duration_cast<std::chrono::microseconds>(lately.time_since_epoch());
    auto first = log_.first_since(static_cast<std::uint64_t>(lately_us.count()));
    if (publisher_age <= first_contact_age_max)
        first = std::min(first, run_first_);
    for (const auto& [key, subscription] : subscriptions_)
        if (subscription->is_lasting)
            first = std::min(first, subscription->stored + 1);
    if (fault_ == JournalFault::trims_needed)
        return std::min(first + 1, last() + 1);
    return first;
}

std::vector<RememberedSubscription> JournalPublication::take_changed() {
    std::vector<RememberedSubscription> all;
    for (const auto& key : changed_)
        if (const auto found = subscriptions_.find(key); found != subscriptions_.end())
            all.push_back(remembered(*found->second));
    changed_.clear();
    return all;
}

void JournalPublication::note_stored(std::span<const RememberedSubscription> changed,
                                     bool is_stored) {
    for (const auto& one : changed) {
        if (!is_stored) {
            changed_.insert(one.key);
            continue;
        }
        new_.erase(one.key);
        const auto found = subscriptions_.find(one.key);
        if (found == subscriptions_.end())
            continue;
        auto& subscription = *found->second;
        subscription.stored = one.position;
        const auto current = remembered(subscription);
        subscription.is_stored = std::tie(one.owner, one.index, one.slots) ==
                                 std::tie(current.owner, current.index, current.slots);
        if (!subscription.is_stored)
            new_.insert(one.key); // it changed hands meanwhile
    }
}

std::map<std::string, std::uint64_t> JournalPublication::published_counts() const {
    std::map<std::string, std::uint64_t> counts;
    for (const auto& topic : topics_)
        if (topic.published_count > 0)
            counts.emplace(topic.name, topic.published_count);
    return counts;
}

} // namespace mesh
