// Publication, the part that answers how far everything is.

#include "mesh/flow/streams/publication.hpp"

#include <algorithm>

namespace mesh {

void Publication::watch(std::uint64_t sequence, std::string_view) {
    auto& watched = watched_[sequence];
    const auto entry = log_.at(log_.last());
    for (const auto* subscription : topics_[entry.topic].subscriptions)
        if (subscription->has_slot_of(entry))
            watched.emplace(subscription->key, subscription->refused > 0);
}

Publication::Unfinished Publication::unfinished(std::uint64_t sequence) const {
    Unfinished unfinished;
    const auto watched = watched_.find(sequence);
    if (watched == watched_.end())
        return unfinished;
    for (const auto& [key, is_lost] : watched->second) {
        const auto subscription = subscriptions_.find(key);
        if (is_lost || subscription == subscriptions_.end())
            unfinished.lost.push_back(key);
        else if (subscription->second->done.position < sequence)
            unfinished.open.push_back(name_of(*subscription->second));
    }
    return unfinished;
}

void Publication::stop_watching(std::uint64_t sequence) {
    watched_.erase(sequence);
}

std::map<std::string, DeliveryCounts> Publication::delivery_counts() const {
    settle_accounts();
    std::map<std::string, DeliveryCounts> all;
    for (const auto& [key, subscription] : subscriptions_) {
        auto counts = subscription->counts;
        counts.in_flight = subscription->sent.events - subscription->done.volume.events;
        counts.waiting = subscription->pending.events + subscription->refused;
        // A gap behind the cursor: all that the log let go, less what was sent or is kept.
        if (subscription->has_hole)
            counts.waiting += hole_count(*subscription);
        auto& sum = all[subscription->slots.is_all() ? key : subscription->group->name()];
        sum.acknowledged += counts.acknowledged;
        sum.in_flight += counts.in_flight;
        sum.waiting += counts.waiting;
        for (std::size_t i = 0; i < loss_reason_count; ++i)
            sum.lost[i] += counts.lost[i];
    }
    return all;
}

std::map<std::string, std::uint64_t> Publication::published_counts() const {
    std::map<std::string, std::uint64_t> counts;
    for (std::size_t number = 0; number < topics_.size(); ++number) {
        const auto& topic = topics_[static_cast<std::uint16_t>(number)];
        counts.emplace(topic.name, topic.published_count);
    }
    return counts;
}

} // namespace mesh
