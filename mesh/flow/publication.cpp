#include "mesh/flow/publication.hpp"

#include "mesh/event/topic.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

Publication::Publication(NodeId source, std::uint32_t incarnation, std::size_t log_size_bytes_max)
    : source_(source), incarnation_(incarnation), log_(log_size_bytes_max) {}

const Subscription* Publication::waits_for(std::string_view topic,
                                           std::size_t payload_size_bytes) const {
    const auto is_short = [&](const Subscription* one) {
        return one->is_blocking &&
               !one->has_room(one->in_flight() + one->pending, payload_size_bytes);
    };
    if (const auto number = topics_.find(topic)) {
        const auto& wanting = topics_[*number].subscriptions;
        const auto found = std::ranges::find_if(wanting, is_short);
        return found == wanting.end() ? nullptr : *found;
    }
    for (const auto& [number, link] : links_) // a topic that nobody published so far
        for (const auto* subscription : link.subscriptions)
            if (is_short(subscription) && subscription->wants(topic))
                return subscription;
    return nullptr;
}

Result<std::uint64_t> Publication::append(const Draft& draft, WallTime now) {
    if (auto checked = check_draft(draft); !checked)
        return tl::unexpected(checked.error());
    const auto number = number_of(draft.topic);
    if (!number)
        return tl::unexpected(number.error());

    const auto time_us = publishing_time_us(now, log_.last_time_us());
    const auto record = record_of(draft, *number, time_us, log_.last_time_us());
    const auto size = encoded_size(record);
    encode(record, log_.append(*number, time_us, size));

    auto& topic = topics_[*number];
    topic.last_sequence = log_.last();
    ++topic.published_count;
    concerned_links_.clear();
    for (auto* subscription : topic.subscriptions) {
        if (subscription->pending.events == 0 && !subscription->has_hole)
            subscription->cursor = log_.last() - 1;
        ++subscription->pending.events;
        subscription->pending.bytes += size;
        if (std::ranges::find(concerned_links_, *subscription->link) == concerned_links_.end())
            concerned_links_.push_back(*subscription->link);
    }
    if (log_.is_over_bound())
        trim();
    return log_.last();
}

Result<std::uint16_t> Publication::number_of(std::string_view topic) {
    if (const auto known = topics_.find(topic))
        return *known;
    if (auto checked = check_topic(topic); !checked)
        return tl::unexpected(checked.error());
    const auto added = topics_.add(topic, held_first(), [&](std::uint16_t number, const auto& old) {
        for (auto& [key, subscription] : subscriptions_) {
            auto& before = subscription->topic_counts_before;
            const auto skipped =
                number < before.size() ? std::exchange(before[number], 0) : std::uint64_t{0};
            if (subscription->wants(old.name))
                subscription->retired_trimmed_count += old.trimmed_count - skipped;
        }
    });
    if (!added)
        return fail(ErrorCode::limit,
                    std::string(topic) + ": more than 65536 topics among the events held");
    auto& entry = topics_[added->number];
    for (auto& [number, link] : links_) {
        link.wanting.resize(topics_.size());
        link.is_defined.resize(topics_.size());
        link.wanting[added->number].clear();
        link.is_defined[added->number] = false;
        for (auto* subscription : link.subscriptions) {
            if (!subscription->wants(topic))
                continue;
            link.wanting[added->number].push_back(subscription);
            entry.subscriptions.push_back(subscription);
        }
    }
    return added->number;
}

std::uint64_t Publication::held_first() const {
    auto first = log_.first();
    for (const auto& [key, subscription] : subscriptions_)
        if (!subscription->overflow.empty())
            first = std::min(first, subscription->overflow.front().sequence);
    return first;
}

void Publication::trim() {
    while (log_.is_over_bound()) {
        const auto chunk_last = log_.oldest_chunk_last();
        for (auto& [key, subscription] : subscriptions_)
            if (subscription->link && subscription->done.position < chunk_last)
                keep_owed(*subscription, chunk_last);
        for (auto reader = log_.read_from(log_.first()); !reader.is_at_end(); reader.step()) {
            const auto entry = reader.entry();
            if (entry.sequence > chunk_last)
                break;
            ++topics_[entry.topic].trimmed_count;
        }
        log_.drop_oldest_chunk();
    }
}

void Publication::keep_owed(Subscription& subscription, std::uint64_t chunk_last) {
    auto index = trimmed_wanted_count(subscription);
    for (auto reader = log_.read_from(log_.first()); !reader.is_at_end(); reader.step()) {
        const auto entry = reader.entry();
        if (entry.sequence > chunk_last)
            break;
        const auto& wanting = topics_[entry.topic].subscriptions;
        if (std::ranges::find(wanting, &subscription) == wanting.end())
            continue;
        // Events from before the subscription's beginning are not counted among its own.
        if (entry.sequence <= subscription.first_position)
            continue;
        ++index;
        if (entry.sequence <= subscription.done.position)
            continue;
        // Whatever was published under credit fits: what is owed before an event, and its payload,
        // were within a window at that time, which may have shrunk since.
        const bool is_kept = subscription.is_blocking &&
                             subscription.overflow_bytes <= subscription.window_bytes_highest;
        if (is_kept) {
            subscription.overflow.push_back({entry.sequence,
                                             entry.time_us,
                                             index,
                                             entry.topic,
                                             {entry.record.begin(), entry.record.end()}});
            subscription.overflow_bytes += entry.record.size();
        } else if (entry.sequence > subscription.cursor) {
            --subscription.pending.events;
            subscription.pending.bytes -= entry.record.size();
            subscription.has_hole = true;
            subscription.next_bytes = 1;
        }
    }
}

std::uint64_t Publication::trimmed_wanted_count(const Subscription& subscription) const {
    std::uint64_t count = subscription.retired_trimmed_count;
    const auto& before = subscription.topic_counts_before;
    for (std::size_t number = 0; number < topics_.size(); ++number) {
        const auto& topic = topics_[static_cast<std::uint16_t>(number)];
        const auto skipped = number < before.size() ? before[number] : 0;
        if (topic.trimmed_count > skipped && subscription.wants(topic.name))
            count += topic.trimmed_count - skipped;
    }
    return count;
}

std::size_t Publication::subscriber_count(std::string_view topic) const {
    std::size_t count = 0;
    for (const auto& [number, link] : links_)
        for (const auto* subscription : link.subscriptions)
            count += subscription->wants(topic) ? 1 : 0;
    return count;
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
