#include "mesh/flow/journal_publication.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace mesh {

namespace {

bool is_short(const Subscription& subscription, std::size_t payload_size_bytes) {
    return subscription.policy == Policy::block && !subscription.is_behind &&
           !subscription.has_room(subscription.in_flight() + subscription.pending,
                                  payload_size_bytes);
}

} // namespace

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
}

void JournalPublication::add_topic(std::string_view name) {
    const auto number = static_cast<std::uint16_t>(topics_.size());
    auto& topic = topics_.emplace_back(Topic{std::string(name), 0, 0, {}});
    topic_numbers_.emplace(name, number);
    for (auto& [link_number, link] : links_) {
        link.is_defined.push_back(false);
        auto& wanting = link.wanting.emplace_back();
        for (auto* subscription : link.subscriptions) {
            if (!subscription->wants(name))
                continue;
            wanting.push_back(subscription);
            topic.subscriptions.push_back(subscription);
        }
    }
}

std::optional<std::uint16_t> JournalPublication::topic_number(std::string_view name) const {
    const auto found = topic_numbers_.find(name);
    return found == topic_numbers_.end() ? std::nullopt : std::optional(found->second);
}

const Subscription* JournalPublication::waits_for(std::string_view topic,
                                                  std::size_t payload_size_bytes) const {
    if (fault_ == JournalFault::never_waits)
        return nullptr;
    const auto is_waited_for = [&](const Subscription* one) {
        return is_short(*one, payload_size_bytes);
    };
    if (const auto number = topic_number(topic)) {
        const auto& wanting = topics_[*number].subscriptions;
        const auto found = std::ranges::find_if(wanting, is_waited_for);
        return found == wanting.end() ? nullptr : *found;
    }
    for (const auto& [number, link] : links_) // a topic that nobody published so far
        for (const auto* subscription : link.subscriptions)
            if (is_waited_for(subscription) && subscription->wants(topic))
                return subscription;
    return nullptr;
}

std::vector<std::string> JournalPublication::slow_ones(std::string_view topic,
                                                       std::size_t payload_size_bytes) const {
    std::vector<std::string> keys;
    for (const auto& [key, subscription] : subscriptions_)
        if (subscription->link && is_short(*subscription, payload_size_bytes) &&
            subscription->wants(topic))
            keys.push_back(key);
    return keys;
}

void JournalPublication::watch(std::uint64_t sequence, std::string_view topic) {
    auto& keys = watched_[sequence];
    for (const auto& [number, link] : links_)
        for (const auto* subscription : link.subscriptions)
            if (subscription->wants(topic))
                keys.insert(subscription->key);
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
            unfinished.open.push_back(key);
    }
    return unfinished;
}

void JournalPublication::stop_watching(std::uint64_t sequence) {
    watched_.erase(sequence);
}

void JournalPublication::append(const EventLog::Entry& event) {
    assert(event.sequence == last() + 1 && event.topic < topics_.size());
    std::ranges::copy(event.record, log_.append(event.topic, event.time_us, event.record.size()));
    auto& topic = topics_[event.topic];
    ++topic.published_count;
    topic.last = event.sequence;
    concerned_links_.clear();
    for (auto* subscription : topic.subscriptions) {
        if (subscription->is_behind)
            continue; // the archive has it
        if (subscription->pending.events == 0)
            subscription->cursor = event.sequence - 1;
        ++subscription->pending.events;
        subscription->pending.bytes += event.record.size();
        if (std::ranges::find(concerned_links_, *subscription->link) == concerned_links_.end())
            concerned_links_.push_back(*subscription->link);
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
        count += subscription.wants(topics_[entry.topic].name) ? 1U : 0U;
    }
    lose(subscription, count, first - 1);
    subscription.cursor = first - 1;
}

void JournalPublication::forget(std::span<const EventLog::Entry> events, std::uint64_t reached) {
    for (auto& [key, subscription] : subscriptions_) {
        auto& one = *subscription;
        const auto count_after = [&](std::uint64_t after) {
            // Whatever is not named may have been wanted.
            return reached - after -
                   static_cast<std::uint64_t>(
                       std::ranges::count_if(events, [&](const EventLog::Entry& event) {
                           return event.sequence > after && !one.wants(topics_[event.topic].name);
                       }));
        };
        if (const auto from = std::max(one.done.position, one.gone_through); from < reached) {
            one.gone += count_after(from);
            one.gone_through = reached;
        }
        // What is on its way to a subscription, or in memory, is not lost to it so far.
        const auto counted = std::max(one.cursor, one.lost_through);
        if (!one.link || !one.is_behind || counted >= reached)
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
            all.push_back({key, found->second->patterns, found->second->done.position});
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
        if (const auto found = subscriptions_.find(one.key); found != subscriptions_.end())
            found->second->stored = one.position;
    }
}

std::size_t JournalPublication::subscriber_count(std::string_view topic) const {
    std::size_t count = 0;
    for (const auto& [number, link] : links_)
        for (const auto* subscription : link.subscriptions)
            count += subscription->wants(topic) ? 1 : 0;
    return count;
}

std::map<std::string, std::uint64_t> JournalPublication::published_counts() const {
    std::map<std::string, std::uint64_t> counts;
    for (const auto& topic : topics_)
        if (topic.published_count > 0)
            counts.emplace(topic.name, topic.published_count);
    return counts;
}

} // namespace mesh
