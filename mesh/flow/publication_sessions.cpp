// Publication, the part that deals with subscriptions: where they begin, how far they are.

#include "mesh/flow/publication.hpp"

#include <algorithm>
#include <cassert>

namespace mesh {

namespace {

// A publisher that has just started is met by its subscribers one after the other; none of those
// that come this early misses anything.
constexpr Duration first_contact_age_max = std::chrono::seconds(5);

constexpr std::size_t detached_subscriptions_max = 1024;

// A subscription that does not last may still resume after a break, with exact gaps.
constexpr Duration passing_away_max = std::chrono::minutes(1);

} // namespace

void Publication::attach(LinkNumber number, std::uint64_t session,
                         const std::vector<SubscriptionRequest>& requests, WallTime now,
                         Duration publisher_age) {
    detach(number, TimePoint{});
    auto& link = links_[number];
    link = {};
    link.session = session;
    for (const auto& request : requests) {
        if (std::ranges::find(link.subscriptions, request.key, &Subscription::key) !=
            link.subscriptions.end())
            continue; // asked for twice: a peer's mistake
        auto& subscription = admit(request, now, publisher_age);
        subscription.link = number;
        link.subscriptions.push_back(&subscription);
    }
    link.wanting.resize(topics_.size());
    link.is_defined.resize(topics_.size());
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        auto& topic = topics_[static_cast<std::uint16_t>(i)];
        for (auto* subscription : link.subscriptions) {
            if (!subscription->wants(topic.name))
                continue;
            link.wanting[i].push_back(subscription);
            topic.subscriptions.push_back(subscription);
        }
    }
}

Subscription& Publication::admit(const SubscriptionRequest& request, WallTime now,
                                 Duration publisher_age) {
    auto& slot = subscriptions_[request.key];
    // The same key on two links: a restarted node came back before its old link was given up.
    if (slot && slot->link)
        detach(*slot->link, TimePoint{});
    const auto& resume = request.start.resume;
    if (slot && !slot->is_lasting && !resume)
        slot.reset();
    Progress standing;
    if (!slot) {
        slot = std::make_unique<Subscription>();
        slot->key = request.key;
        slot->first_position = resume ? resume->position : beginning(request, now, publisher_age);
        slot->patterns = request.patterns;
        if (slot->first_position > 0)
            count_before(*slot, slot->first_position);
        standing = resume.value_or(Progress{slot->first_position, {}});
        // Its counts go on from what it says; events lost before that are beyond our knowledge.
        slot->retired_trimmed_count = standing.volume.events;
        slot->done = standing;
    } else {
        if (!resume || slot->patterns != request.patterns)
            count_anew(*slot, request);
        standing = resume.value_or(slot->done);
    }
    slot->patterns = request.patterns;
    slot->index = request.index;
    slot->is_blocking = request.is_blocking;
    slot->is_lasting = request.start.is_lasting;
    slot->window = request.window;
    slot->window_bytes_highest = request.window.bytes;
    slot->is_announced = false;
    place(*slot, standing);
    slot->furthest = standing;
    return *slot;
}

void Publication::count_anew(Subscription& subscription, const SubscriptionRequest& request) {
    // A new run of the subscriber counts from zero, and whoever wants something else counts other
    // events. What is gone by now is still counted by what it wanted when it was there.
    const auto& resume = request.start.resume;
    const auto counted = resume ? resume->volume.events : subscription.done.volume.events;
    const auto standing = resume.value_or(Progress{subscription.done.position, {}});
    const auto trimmed = trimmed_wanted_count(subscription);
    const bool is_behind = standing.position + 1 < log_.first();
    const auto gone = is_behind && trimmed > counted ? trimmed - counted : 0;
    if (subscription.patterns != request.patterns) {
        subscription.overflow.clear();
        subscription.overflow_bytes = 0;
    }
    for (auto& kept : subscription.overflow)
        kept.index = kept.index - counted + standing.volume.events;
    subscription.patterns = request.patterns;
    subscription.first_position = standing.position;
    count_before(subscription, standing.position);
    subscription.retired_trimmed_count = standing.volume.events + gone;
    subscription.done = standing;
}

std::uint64_t Publication::beginning(const SubscriptionRequest& request, WallTime now,
                                     Duration publisher_age) const {
    if (request.start.is_lasting && publisher_age <= first_contact_age_max)
        return 0;
    const auto age_us = std::chrono::duration_cast<std::chrono::microseconds>(request.start.age);
    // The log's times do not fall when the wall clock does.
    const auto now_us =
        std::max(static_cast<std::uint64_t>(now.time_since_epoch().count()), log_.last_time_us());
    const auto since_us = now_us - std::min(now_us, static_cast<std::uint64_t>(age_us.count()));
    return log_.first_since(since_us) - 1;
}

void Publication::count_before(Subscription& subscription, std::uint64_t position) const {
    auto& counts = subscription.topic_counts_before;
    counts.assign(topics_.size(), 0);
    for (std::size_t i = 0; i < counts.size(); ++i)
        counts[i] = topics_[static_cast<std::uint16_t>(i)].published_count;
    for (auto reader = log_.read_from(position + 1); !reader.is_at_end(); reader.step())
        --counts[reader.entry().topic];
}

void Publication::place(Subscription& subscription, const Progress& standing) {
    subscription.cursor = standing.position;
    subscription.told = standing.position;
    subscription.sent = standing.volume;
    subscription.pending = {};
    subscription.next_bytes = 1;
    auto& overflow = subscription.overflow;
    while (!overflow.empty() && overflow.front().sequence <= subscription.done.position) {
        subscription.overflow_bytes -= overflow.front().record.size();
        overflow.pop_front();
    }
    const auto add = [&](std::size_t record_size_bytes) {
        ++subscription.pending.events;
        subscription.pending.bytes += record_size_bytes;
    };
    for (const auto& kept : overflow)
        if (kept.sequence > standing.position)
            add(kept.record.size());
    std::vector<bool> is_wanted(topics_.size());
    for (std::size_t i = 0; i < topics_.size(); ++i)
        is_wanted[i] = subscription.wants(topics_[static_cast<std::uint16_t>(i)].name);
    for (auto reader = log_.read_from(standing.position + 1); !reader.is_at_end(); reader.step())
        if (const auto entry = reader.entry(); is_wanted[entry.topic])
            add(entry.record.size());
    subscription.has_hole = has_hole(subscription);
}

bool Publication::has_hole(const Subscription& subscription) const {
    if (subscription.cursor + 1 >= log_.first())
        return false;
    const auto kept = std::ranges::count_if(subscription.overflow, [&](const auto& event) {
        return event.sequence > subscription.cursor;
    });
    return trimmed_wanted_count(subscription) >
           subscription.sent.events + static_cast<std::uint64_t>(kept);
}

void Publication::detach(LinkNumber number, TimePoint now) {
    const auto found = links_.find(number);
    if (found == links_.end())
        return;
    const auto& gone = found->second.subscriptions;
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        auto& attached = topics_[static_cast<std::uint16_t>(i)].subscriptions;
        std::erase_if(attached, [&](const auto* one) { return one->link == number; });
    }
    for (auto* subscription : gone) {
        subscription->link.reset();
        subscription->detached_at = now;
    }
    links_.erase(number);
}

void Publication::dismiss(LinkNumber number, TimePoint now) {
    const auto found = links_.find(number);
    if (found == links_.end())
        return;
    const auto leaving = found->second.subscriptions;
    detach(number, now);
    for (const auto* subscription : leaving)
        if (!subscription->is_lasting)
            subscriptions_.erase(std::string(subscription->key));
}

Subscription* Publication::find(LinkNumber number, std::uint16_t index) {
    const auto found = links_.find(number);
    if (found == links_.end())
        return nullptr;
    for (auto* subscription : found->second.subscriptions)
        if (subscription->index == index)
            return subscription;
    return nullptr;
}

bool Publication::acknowledge(LinkNumber link, std::uint16_t index, const Progress& done,
                              Volume window) {
    auto* subscription = find(link, index);
    if (subscription == nullptr || done.position < subscription->done.position ||
        done.position > subscription->furthest.position ||
        done.volume.events > subscription->furthest.volume.events ||
        done.volume.bytes > subscription->furthest.volume.bytes)
        return false;
    // It is beyond a place that it asked for twice: what was sent again is of no use to it. Nor do
    // the counts agree when some of that was gone the second time.
    if (done.position > subscription->told || done.volume.bytes > subscription->sent.bytes)
        place(*subscription, done);
    const bool is_news = subscription->done != done || subscription->window != window;
    subscription->done = done;
    subscription->window = window;
    subscription->window_bytes_highest = std::max(subscription->window_bytes_highest, window.bytes);
    auto& overflow = subscription->overflow;
    while (!overflow.empty() && overflow.front().sequence <= done.position) {
        subscription->overflow_bytes -= overflow.front().record.size();
        overflow.pop_front();
    }
    return is_news;
}

void Publication::rewind(LinkNumber link, std::uint16_t index, const Progress& standing) {
    auto* subscription = find(link, index);
    if (subscription == nullptr || standing.position < subscription->done.position ||
        standing.position > subscription->told)
        return;
    place(*subscription, standing);
    // What did not arrive may have defined topics.
    auto& is_defined = links_.at(link).is_defined;
    is_defined.assign(is_defined.size(), false);
}

std::vector<std::string> Publication::retire(TimePoint now, Duration away_max) {
    std::vector<const Subscription*> away;
    for (const auto& [key, subscription] : subscriptions_)
        if (!subscription->link)
            away.push_back(subscription.get());
    std::ranges::sort(away, {}, &Subscription::detached_at);
    std::vector<std::string> retired;
    auto left = away.size();
    for (const auto* subscription : away) {
        const auto patience = subscription->is_lasting ? away_max : passing_away_max;
        if (now - subscription->detached_at <= patience && left <= detached_subscriptions_max)
            continue;
        --left;
        const auto key = subscription->key;
        if (subscription->is_lasting)
            retired.push_back(key);
        subscriptions_.erase(key);
    }
    return retired;
}

} // namespace mesh
