// Publication, the part that decides where a subscription begins that is not known yet.

#include "mesh/flow/streams/publication.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace mesh {

Progress Publication::begin(Subscription& subscription, const StartRequest& start, WallTime now,
                            Duration publisher_age) const {
    using Kind = StartFrom::Kind;
    if (start.resume) {
        // It goes on from what it says; its counts do, too.
        subscription.first_position = start.resume->position;
        subscription.retired_trimmed_count = start.resume->volume.events;
        if (start.resume->position > 0)
            count_before(subscription, {start.resume->position, {}});
        return *start.resume;
    }
    const auto number = start.from.number;
    TrimHistory::Since since{log_.last(), {}};
    switch (start.from.kind) {
    case Kind::automatic:
        if (start.is_lasting && publisher_age <= first_contact_age_max)
            return {}; // all there ever was
        [[fallthrough]];
    case Kind::now: {
        const auto age = std::chrono::duration_cast<std::chrono::microseconds>(start.age);
        // The log's times do not fall when the wall clock does.
        const auto now_us = std::max(static_cast<std::uint64_t>(now.time_since_epoch().count()),
                                     log_.last_time_us());
        since.position =
            last_before(now_us - std::min(now_us, static_cast<std::uint64_t>(age.count())));
        break;
    }
    case Kind::oldest:
        since.position = log_.first() - 1;
        break;
    case Kind::sequence:
        since = trimmed_after(std::min(std::max<std::uint64_t>(number, 1) - 1, log_.last()));
        break;
    case Kind::time:
        since.position = last_before(number);
        if (since.position + 1 == log_.first())
            since = trimmed_.since_time(number);
        break;
    case Kind::last_events:
        return begin_with_last(
            subscription, fault_ == FlowFault::picks_too_few && number > 0 ? number - 1 : number);
    case Kind::last_values:
        return begin_with_values(subscription);
    }
    if (fault_ == FlowFault::begins_late && start.from.kind == Kind::sequence)
        ++since.position;
    subscription.first_position = since.position;
    if (since.position > 0)
        count_before(subscription, since);
    return {since.position, {}};
}

std::uint64_t Publication::last_before(std::uint64_t time_us) const {
    // Times rise along the log, so the last held event from before is found by halves.
    auto low = log_.first();
    auto high = log_.last() + 1;
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        if (log_.at(middle).time_us < time_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

TrimHistory::Since Publication::trimmed_after(std::uint64_t position) const {
    if (position + 1 >= log_.first())
        return {position, {}};
    return trimmed_.since_position(position);
}

void Publication::count_before(Subscription& subscription, const TrimHistory::Since& since) const {
    auto& counts = subscription.topic_counts_before;
    counts.assign(topics_.size(), 0);
    for (std::size_t i = 0; i < counts.size(); ++i)
        counts[i] = topics_[static_cast<std::uint16_t>(i)].published_count;
    for (auto reader = log_.read_from(since.position + 1); !reader.is_at_end(); reader.step())
        --counts[reader.entry().topic];
    for (const auto& [topic, count] : since.counts)
        counts[topic] -= count;
}

Progress Publication::begin_with_last(Subscription& subscription, std::uint64_t events_max) const {
    std::vector<std::uint64_t> skipped(topics_.size()); // of each topic, older ones that are held
    std::vector<bool> is_wanted(topics_.size());
    std::uint64_t gone = 0;
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        const auto& topic = topics_[static_cast<std::uint16_t>(i)];
        is_wanted[i] = subscription.wants(topic.name);
        const auto held = topic.published_count - topic.trimmed_count;
        skipped[i] = held - std::min(held, events_max);
        if (is_wanted[i])
            gone += std::min(topic.published_count, events_max) - (held - skipped[i]);
    }
    std::vector<std::uint64_t> picked;
    for (auto reader = log_.read_from(log_.first()); !reader.is_at_end(); reader.step()) {
        const auto entry = reader.entry();
        if (!is_wanted[entry.topic])
            continue;
        if (skipped[entry.topic] > 0)
            --skipped[entry.topic];
        else
            picked.push_back(entry.sequence);
    }
    return begin_with(subscription, std::move(picked), gone);
}

Progress Publication::begin_with_values(Subscription& subscription) const {
    KeyIndex keys;
    const auto first = log_.first();
    std::vector<bool> is_newest(log_.last() + 1 - first);
    for (auto reader = log_.read_from(first); !reader.is_at_end(); reader.step()) {
        const auto entry = reader.entry();
        const auto older = newest_of_key(keys, entry);
        if (older != 0)
            is_newest[older - first] = false;
        is_newest[entry.sequence - first] = true;
    }
    std::vector<std::uint64_t> picked;
    for (auto reader = log_.read_from(first); !reader.is_at_end(); reader.step())
        if (const auto entry = reader.entry();
            is_newest[entry.sequence - first] && subscription.wants(topics_[entry.topic].name))
            picked.push_back(entry.sequence);
    return begin_with(subscription, std::move(picked), 0);
}

Progress Publication::begin_with(Subscription& subscription, std::vector<std::uint64_t> picked,
                                 std::uint64_t gone_count) const {
    count_before(subscription, {log_.last(), {}});
    // What was asked for and is gone counts as wanted, and as trimmed before it came.
    subscription.retired_trimmed_count = gone_count;
    subscription.picked_until = log_.last();
    const auto first = picked.empty() ? log_.last() + 1 : picked.front();
    subscription.picked = std::move(picked);
    subscription.first_position = gone_count > 0 ? 0 : first - 1;
    return {subscription.first_position, {}};
}

} // namespace mesh
