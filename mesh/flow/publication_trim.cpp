// Publication, the part that deals with what the log lets go: who keeps it, who loses it.

#include "mesh/flow/publication.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace mesh {

namespace {

/// How often each topic occurs in a stretch.
class TopicCounter {
public:
    void note(std::uint16_t topic) {
        if (last_ == counts_.size() || counts_[last_].first != topic) {
            last_ = static_cast<std::size_t>(
                std::ranges::find(counts_, topic, &TrimHistory::Counts::value_type::first) -
                counts_.begin());
            if (last_ == counts_.size())
                counts_.emplace_back(topic, 0);
        }
        ++counts_[last_].second;
    }

    TrimHistory::Counts take() {
        std::ranges::sort(counts_);
        return std::move(counts_);
    }

private:
    TrimHistory::Counts counts_;
    std::size_t last_ = 0;
};

} // namespace

void Publication::trim() {
    while (log_.is_over_bound()) {
        const auto chunk_last = log_.oldest_chunk_last();
        for (auto& [key, subscription] : subscriptions_) {
            // What spills is owed also to those that are away.
            const bool is_owed =
                subscription->link || (spill_ != nullptr && subscription->is_lasting &&
                                       subscription->policy == Policy::spill);
            if (is_owed && subscription->done.position < chunk_last)
                keep_owed(*subscription, chunk_last);
        }
        TopicCounter counter;
        std::uint64_t last_time_us = 0;
        for (auto reader = log_.read_from(log_.first()); !reader.is_at_end(); reader.step()) {
            const auto entry = reader.entry();
            if (entry.sequence > chunk_last)
                break;
            ++topics_[entry.topic].trimmed_count;
            counter.note(entry.topic);
            last_time_us = entry.time_us;
        }
        trimmed_.note(log_.first(), chunk_last, last_time_us, counter.take());
        log_.drop_oldest_chunk();
    }
}

void Publication::keep_owed(Subscription& subscription, std::uint64_t chunk_last) {
    std::vector<std::optional<bool>> wants(topics_.size());
    const auto is_wanted = [&](std::uint16_t topic) {
        auto& known = wants[topic];
        if (!known)
            known = subscription.wants(topics_[topic].name);
        return *known;
    };
    const bool can_spill = subscription.policy == Policy::spill && spill_ != nullptr;
    auto index = trimmed_wanted_count(subscription);
    aside_.clear(index + 1);
    for (auto reader = log_.read_from(log_.first()); !reader.is_at_end(); reader.step()) {
        const auto entry = reader.entry();
        if (entry.sequence > chunk_last)
            break;
        // Events from before the subscription's beginning are not counted among its own.
        if (!is_wanted(entry.topic) || !subscription.has_in_range(entry.sequence))
            continue;
        ++index;
        if (entry.sequence <= subscription.done.position)
            continue;
        if (can_spill && !entry.is_fast) {
            if (aside_.next_index() != index) {
                put_aside(subscription);
                aside_.clear(index);
            }
            aside_.add(entry);
            continue;
        }
        // Whatever was published under credit fits: what is owed before an event, and its payload,
        // were within a window at that time, which may have shrunk since.
        const bool is_kept = fault_ != FlowFault::keeps_nothing &&
                             subscription.policy == Policy::block && !entry.is_fast &&
                             subscription.overflow_bytes <= subscription.window_bytes_highest;
        if (is_kept) {
            subscription.overflow.push_back({entry.sequence,
                                             entry.time_us,
                                             index,
                                             entry.topic,
                                             {entry.record.begin(), entry.record.end()}});
            subscription.overflow_bytes += entry.record.size();
        } else {
            subscription.let_go(entry.sequence, entry.record.size(), entry.is_fast);
        }
    }
    put_aside(subscription);
}

void Publication::put_aside(Subscription& subscription) {
    if (aside_.is_empty())
        return;
    auto stretch = aside_.stretch();
    if (const auto place = spill_->append(aside_.bytes())) {
        stretch.place = *place;
        subscription.spilled.push_back(stretch);
        return;
    }
    // The disk is full: they are lost, and told as such.
    if (const auto events = read_spill_record(aside_.bytes(), stretch))
        for (const auto& event : *events)
            subscription.let_go(event.sequence, event.record.size(), false);
}

bool Publication::load_after(Subscription& subscription, std::uint64_t position) {
    auto& spilled = subscription.spilled;
    auto next = std::ranges::find_if(spilled,
                                     [&](const auto& one) { return one.last_sequence > position; });
    if (next == spilled.end())
        return true;
    if (fault_ == FlowFault::skips_stretches && next + 1 != spilled.end())
        ++next;
    const auto record = spill_->read(next->place);
    auto events = record ? read_spill_record(*record, *next)
                         : Result<std::deque<Subscription::Kept>>(tl::unexpected(record.error()));
    if (events) {
        subscription.overflow = std::move(*events);
        return true;
    }
    spill_->release(next->place);
    spilled.erase(next);
    return false;
}

void Publication::release_kept(Subscription& subscription) {
    const auto done = subscription.done.position;
    auto& overflow = subscription.overflow;
    while (!overflow.empty() && overflow.front().sequence <= done) {
        if (subscription.policy != Policy::spill)
            subscription.overflow_bytes -= overflow.front().record.size();
        overflow.pop_front();
    }
    auto& spilled = subscription.spilled;
    const auto unneeded = fault_ == FlowFault::releases_early ? subscription.cursor : done;
    while (!spilled.empty() && spilled.front().last_sequence <= unneeded) {
        spill_->release(spilled.front().place);
        spilled.pop_front();
    }
}

void Publication::forget_kept(Subscription& subscription) {
    subscription.overflow.clear();
    subscription.overflow_bytes = 0;
    for (const auto& one : subscription.spilled)
        spill_->release(one.place);
    subscription.spilled.clear();
}

std::uint64_t Publication::trimmed_wanted_count(const Subscription& subscription) const {
    std::uint64_t count = subscription.retired_trimmed_count;
    const auto& picked = subscription.picked;
    count +=
        static_cast<std::uint64_t>(std::ranges::lower_bound(picked, log_.first()) - picked.begin());
    const auto& before = subscription.topic_counts_before;
    for (std::size_t number = 0; number < topics_.size(); ++number) {
        const auto& topic = topics_[static_cast<std::uint16_t>(number)];
        const auto skipped = number < before.size() ? before[number] : 0;
        if (topic.trimmed_count > skipped && subscription.wants(topic.name))
            count += topic.trimmed_count - skipped;
    }
    return count;
}

bool Publication::has_hole(const Subscription& subscription) const {
    return subscription.cursor + 1 < log_.first() && hole_count(subscription) > 0;
}

std::uint64_t Publication::hole_count(const Subscription& subscription) const {
    std::uint64_t kept = 0;
    if (subscription.policy != Policy::spill)
        kept = static_cast<std::uint64_t>(
            std::ranges::count_if(subscription.overflow, [&](const auto& event) {
                return event.sequence > subscription.cursor;
            }));
    for (const auto& one : subscription.spilled)
        kept += subscription.unsent_of(one);
    const auto trimmed = trimmed_wanted_count(subscription);
    return trimmed - std::min(trimmed, subscription.sent.events + kept);
}

} // namespace mesh
