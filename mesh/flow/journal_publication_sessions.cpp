// JournalPublication, the part that deals with subscriptions: where they begin, how far they are.

#include "mesh/flow/journal_publication.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

// As in Publication: whoever comes this soon after the publisher's start misses nothing of this
// run.
constexpr Duration first_contact_age_max = std::chrono::seconds(5);

constexpr Duration passing_away_max = std::chrono::minutes(1);
constexpr std::size_t detached_subscriptions_max = 1024;

} // namespace

void JournalPublication::attach(LinkNumber number, std::uint64_t session,
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
    for (std::size_t i = 0; i < topics_.size(); ++i)
        for (auto* subscription : link.subscriptions) {
            if (!subscription->wants(topics_[i].name))
                continue;
            link.wanting[i].push_back(subscription);
            topics_[i].subscriptions.push_back(subscription);
        }
}

Subscription& JournalPublication::admit(const SubscriptionRequest& request, WallTime now,
                                        Duration publisher_age) {
    auto& slot = subscriptions_[request.key];
    // The same key on two links: a restarted node came back before its old link was given up.
    if (slot && slot->link)
        detach(*slot->link, TimePoint{});
    auto resume = request.start.resume;
    if (resume) // beyond the newest is only who knows a journal that was replaced by an older copy
        resume->position = std::min(resume->position, last());
    if (slot && !slot->is_lasting && !resume)
        slot.reset();
    // What an earlier run of it handled may not have been acknowledged.
    const auto handled = std::min(request.start.handled, last());
    if (!resume && handled > (slot ? slot->done.position : 0))
        resume = Progress{handled, {}};
    if (!slot) {
        slot = std::make_unique<Subscription>();
        slot->key = request.key;
        slot->done = resume.value_or(Progress{beginning(request, now, publisher_age), {}});
        has_new_ = has_new_ || request.start.is_lasting;
    }
    count_gone_in_flight(*slot, resume.value_or(slot->done));
    const auto standing = resume.value_or(Progress{slot->done.position, {}});
    if (standing.position >= slot->lost_through && resume)
        slot->lost = 0; // it had them before they went
    // It has processed no more than it was sent, and what it was sent before is not counted here.
    slot->done.position = std::min(slot->done.position, standing.position);
    slot->done.volume = standing.volume;
    if (slot->patterns != request.patterns || request.start.is_lasting)
        changed_.insert(request.key);
    if (!request.start.resume) {
        slot->losses = {};
        slot->sent_by_topic.clear();
        slot->sent_unknown = 0;
    }
    if (!request.start.resume || slot->counted == Progress{})
        slot->counted = standing;
    slot->patterns = request.patterns;
    slot->index = request.index;
    slot->policy = request.policy;
    slot->is_lasting = request.start.is_lasting;
    slot->window = request.window;
    slot->is_announced = false;
    place(*slot, standing);
    slot->furthest = standing;
    return *slot;
}

std::uint64_t JournalPublication::beginning(const SubscriptionRequest& request, WallTime now,
                                            Duration publisher_age) const {
    if (request.start.is_lasting && publisher_age <= first_contact_age_max)
        return run_first_ - 1;
    const auto now_us =
        std::max(static_cast<std::uint64_t>(now.time_since_epoch().count()), log_.last_time_us());
    const auto age = std::chrono::duration_cast<std::chrono::microseconds>(request.start.age);
    const auto since_us = now_us - std::min(now_us, static_cast<std::uint64_t>(age.count()));
    // Memory mostly reaches back far enough, and need not wait for the disk.
    const auto in_memory = log_.first_since(since_us);
    const bool is_certain = log_.first() <= run_first_ || in_memory > log_.first();
    const auto first = is_certain ? in_memory : archive_.first_since(since_us);
    return std::clamp(first, run_first_, last() + 1) - 1;
}

void JournalPublication::place(Subscription& subscription, const Progress& standing) {
    subscription.cursor = standing.position;
    subscription.told = standing.position;
    subscription.sent = standing.volume;
    subscription.next_bytes = 1;
    look_ahead(subscription);
}

/// What was sent and has to be sent again may have left the archive meanwhile: of the events
/// between `standing` and what it was told, those that are not there any more are lost.
void JournalPublication::count_gone_in_flight(Subscription& subscription,
                                              const Progress& standing) {
    const auto first = std::min(archive_.first(), log_.first());
    if (standing.position >= subscription.told || standing.position + 1 >= first)
        return;
    std::uint64_t held = 0;
    for (auto from = first; from <= subscription.told;) {
        const auto stretch = archive_.read(from, batch_size_bytes_target);
        if (stretch.reached < from)
            break;
        for (const auto& entry : stretch.entries)
            if (entry.sequence <= subscription.told &&
                subscription.wants(topics_[entry.topic].name))
                ++held;
        from = stretch.reached + 1;
    }
    const auto sent = subscription.sent.events - standing.volume.events;
    subscription.lost = sent > held ? sent - held : 0;
    subscription.lost_through = std::min(first - 1, subscription.told);
}

/// Counts what it wants of the events in memory, or says that it has to read the archive first.
void JournalPublication::look_ahead(Subscription& subscription) const {
    subscription.pending = {};
    subscription.is_behind = subscription.cursor + 1 < log_.first();
    if (subscription.is_behind)
        return;
    std::vector<bool> is_wanted(topics_.size());
    for (std::size_t i = 0; i < topics_.size(); ++i)
        is_wanted[i] = subscription.wants(topics_[i].name);
    for (auto reader = log_.read_from(subscription.cursor + 1); !reader.is_at_end(); reader.step())
        if (const auto entry = reader.entry(); is_wanted[entry.topic]) {
            ++subscription.pending.events;
            subscription.pending.bytes += entry.record.size();
        }
}

void JournalPublication::detach(LinkNumber number, TimePoint now) {
    const auto found = links_.find(number);
    if (found == links_.end())
        return;
    for (auto& topic : topics_)
        std::erase_if(topic.subscriptions,
                      [&](const auto* subscription) { return subscription->link == number; });
    for (auto* subscription : found->second.subscriptions) {
        subscription->link.reset();
        subscription->detached_at = now;
    }
    links_.erase(found);
}

void JournalPublication::dismiss(LinkNumber number, TimePoint now) {
    const auto found = links_.find(number);
    if (found == links_.end())
        return;
    const auto leaving = found->second.subscriptions;
    detach(number, now);
    for (const auto* subscription : leaving)
        if (!subscription->is_lasting)
            subscriptions_.erase(std::string(subscription->key));
}

Subscription* JournalPublication::find(LinkNumber number, std::uint16_t index) {
    const auto link = links_.find(number);
    if (link == links_.end())
        return nullptr;
    const auto& all = link->second.subscriptions;
    const auto found = std::ranges::find(all, index, &Subscription::index);
    return found == all.end() ? nullptr : *found;
}

bool JournalPublication::acknowledge(LinkNumber link, std::uint16_t index, const Progress& done,
                                     Volume window) {
    auto* subscription = find(link, index);
    if (subscription == nullptr || done.position < subscription->done.position ||
        done.position > subscription->furthest.position ||
        done.volume.events > subscription->furthest.volume.events ||
        done.volume.bytes > subscription->furthest.volume.bytes)
        return false;
    // It is beyond a place that it asked for twice: what was sent again is of no use to it.
    if (done.position > subscription->told || done.volume.bytes > subscription->sent.bytes)
        place(*subscription, done);
    if (done.position >= subscription->lost_through)
        subscription->lost = 0;
    const bool is_news = subscription->done != done || subscription->window != window;
    if (subscription->is_lasting && subscription->done.position != done.position)
        changed_.insert(subscription->key);
    subscription->done = done;
    subscription->window = window;
    return is_news;
}

void JournalPublication::rewind(LinkNumber link, std::uint16_t index, const Progress& standing) {
    auto* subscription = find(link, index);
    if (subscription == nullptr || standing.position < subscription->done.position ||
        standing.position > subscription->told)
        return;
    count_gone_in_flight(*subscription, standing);
    place(*subscription, standing);
    // What did not arrive may have defined topics.
    auto& is_defined = links_.at(link).is_defined;
    is_defined.assign(is_defined.size(), false);
}

std::vector<std::string> JournalPublication::retire(TimePoint now, Duration away_max) {
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
