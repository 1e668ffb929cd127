// Publication, the part that deals with what the log lets go: who keeps it, who loses it.

#include "mesh/flow/streams/publication.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace mesh {

namespace {

/// The events of each topic in a stretch of the log.
class TopicSums {
public:
    struct Sum {
        std::uint16_t topic;
        Volume all;
        Volume fast; ///< those of level `fast`
    };

    void add(std::uint16_t topic, std::size_t record_size_bytes, bool is_fast) {
        if (last_ == sums_.size() || sums_[last_].topic != topic)
            last_ = place_of(topic);
        const Volume one{1, record_size_bytes};
        auto& sum = sums_[last_];
        sum.all = sum.all + one;
        if (is_fast)
            sum.fast = sum.fast + one;
    }

    /// Those that the subscription wants.
    Sum wanted(const Subscription& subscription, const TopicTable& topics) const {
        Sum total{};
        for (const auto& sum : sums_)
            if (subscription.wants(topics[sum.topic].name)) {
                total.all = total.all + sum.all;
                total.fast = total.fast + sum.fast;
            }
        return total;
    }

    TrimHistory::Counts counts() const {
        TrimHistory::Counts counts;
        for (const auto& sum : sums_)
            counts.emplace_back(sum.topic, sum.all.events);
        std::ranges::sort(counts);
        return counts;
    }

private:
    std::size_t place_of(std::uint16_t topic) {
        if (places_.size() <= topic)
            places_.resize(topic + std::size_t{1});
        if (places_[topic] == 0) {
            sums_.push_back({topic, {}, {}});
            places_[topic] = static_cast<std::uint32_t>(sums_.size());
        }
        return places_[topic] - std::size_t{1};
    }

    std::vector<Sum> sums_;
    std::vector<std::uint32_t> places_; ///< by topic, one more than where its sum is; 0: nowhere
    std::size_t last_ = 0;
};

} // namespace

void Publication::trim() {
    begin_accounts_anew();
    while (log_.is_over_bound()) {
        const auto chunk_last = log_.oldest_chunk_last();
        TopicSums sums;
        log_.each_of_oldest_chunk([&](std::uint16_t topic, std::size_t size_bytes, bool is_fast) {
            sums.add(topic, size_bytes, is_fast);
        });
        const auto last_time_us = log_.oldest_chunk_last_time_us();
        for (auto& [key, subscription] : subscriptions_) {
            // What spills is owed also to those that are away.
            const bool is_owed =
                subscription->link || (spill_ != nullptr && subscription->is_lasting &&
                                       subscription->policy == Policy::spill);
            if (is_owed && subscription->done.position < chunk_last) {
                const auto wanted = sums.wanted(*subscription, topics_);
                if (!let_go_together(*subscription, chunk_last, wanted.all, wanted.fast))
                    keep_owed(*subscription, chunk_last);
            } else if (subscription->counts_trims) {
                count_trims(*subscription);
            }
        }
        const auto counts = sums.counts();
        for (const auto& [topic, count] : counts)
            topics_[topic].trimmed_count += count;
        trimmed_.note(log_.first(), chunk_last, last_time_us, counts);
        log_.drop_oldest_chunk();
    }
}

/// As `keep_owed`, of a whole chunk at once: for whoever stands still and keeps nothing, so that it
/// costs the others little. False when each event has to be looked at.
bool Publication::let_go_together(Subscription& subscription, std::uint64_t chunk_last,
                                  Volume wanted, Volume fast) {
    if (wanted.events == 0)
        return true;
    const auto before = log_.first() - 1;
    const bool is_all_its_own = subscription.slots.is_all() &&
                                subscription.picked_until <= before &&
                                subscription.first_position <= before;
    const bool is_all_unsent =
        subscription.done.position <= before && subscription.cursor <= before;
    const bool is_refused_in_between = subscription.refused > 0 &&
                                       subscription.refused_from > before + 1 &&
                                       subscription.refused_from <= chunk_last;
    const bool keeps = subscription.policy == Policy::block ||
                       (subscription.policy == Policy::spill && spill_ != nullptr);
    if (!is_all_its_own || !is_all_unsent || is_refused_in_between || keeps)
        return false;
    subscription.let_go(chunk_last, wanted, fast);
    if (subscription.counts_trims)
        subscription.retired_trimmed_count += wanted.events;
    return true;
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
        if (!is_wanted(entry.topic) || !subscription.has_in_range(entry.sequence) ||
            !subscription.has_slot_of(entry))
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
            const Volume one{1, entry.record.size()};
            subscription.let_go(entry.sequence, one, entry.is_fast ? one : Volume{});
        }
    }
    put_aside(subscription);
    if (subscription.counts_trims)
        subscription.retired_trimmed_count = index;
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
            subscription.let_go(event.sequence, {1, event.record.size()}, {});
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

/// The subscription listens to `patterns` from now on: of what is kept for it beside the log the
/// rest is lost to it, as is what the log let go.
void Publication::forget_unwanted(Subscription& subscription,
                                  const std::vector<Pattern>& patterns) {
    const auto is_in = [&](const Pattern& before) {
        return std::ranges::any_of(patterns,
                                   [&](const Pattern& now) { return contains(now, before); });
    };
    if (std::ranges::all_of(subscription.patterns, is_in))
        return;
    if (!subscription.spilled.empty()) // which is not read for that
        return forget_kept(subscription);
    std::erase_if(subscription.overflow, [&](const Subscription::Kept& kept) {
        const auto& topic = topics_[kept.topic].name;
        if (std::ranges::any_of(patterns, [&](const Pattern& one) { return one.matches(topic); }))
            return false;
        subscription.overflow_bytes -= kept.record.size();
        return true;
    });
}

std::uint64_t Publication::trimmed_wanted_count(const Subscription& subscription) const {
    std::uint64_t count = subscription.retired_trimmed_count;
    if (subscription.counts_trims)
        return count;
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
