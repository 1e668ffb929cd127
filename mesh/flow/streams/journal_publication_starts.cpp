// JournalPublication, the part that decides where a subscription begins that is not known yet.

#include "mesh/flow/streams/journal_publication.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace mesh {

namespace {

// As much as this is looked through at once, so that nobody else waits long.
constexpr int choosing_reads_max = 8;

std::uint64_t to_us(WallTime time) {
    return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

} // namespace

std::uint64_t JournalPublication::beginning(const SubscriptionRequest& request, WallTime now,
                                            Duration publisher_age) const {
    using Kind = StartFrom::Kind;
    const auto oldest = archive_.first() - 1;
    if (request.start.is_lasting && has_damaged_)
        return oldest;
    switch (request.start.from.kind) {
    case Kind::automatic:
        if (request.start.is_lasting && publisher_age <= first_contact_age_max)
            return std::max(run_first_, archive_.first()) - 1;
        break;
    case Kind::now:
        break;
    case Kind::oldest:
        return oldest;
    case Kind::sequence:
        return std::min(std::max<std::uint64_t>(request.start.from.number, 1) - 1, last());
    case Kind::last_events:
    case Kind::last_values:
    case Kind::time:
        return oldest; // from where on it is chosen
    }
    const auto now_us = std::max(to_us(now), log_.last_time_us());
    const auto age = std::chrono::duration_cast<std::chrono::microseconds>(request.start.age);
    const auto since_us = now_us - std::min(now_us, static_cast<std::uint64_t>(age.count()));
    // Memory mostly reaches back far enough, and need not wait for the disk.
    const auto in_memory = log_.first_since(since_us);
    const bool is_certain = log_.first() <= run_first_ || in_memory > log_.first();
    const auto first =
        is_certain ? in_memory : archive_.first_since(since_us).value_or(archive_.first());
    // What only memory holds cannot be promised for as long as it takes.
    return std::clamp(first, std::max(run_first_, archive_.first()), last() + 1) - 1;
}

/// What this request is for, as far as it is known: one, or the parts of a group.
std::vector<const Subscription*>
JournalPublication::known_as(const SubscriptionRequest& request) const {
    std::vector<const Subscription*> all;
    for (const auto& [key, one] : subscriptions_)
        if (one->group == nullptr ? key == request.key && request.group.empty()
                                  : one->group->name() == request.group)
            all.push_back(one.get());
    return all;
}

std::vector<std::pair<SubscriptionIndex, std::uint64_t>>
JournalPublication::foreign(const std::vector<SubscriptionRequest>& requests,
                            Duration publisher_age) const {
    // Who was away for longer than this may have been forgotten by this very run.
    constexpr Duration known_for = std::chrono::minutes(1);
    constexpr Duration lasting_known_for = std::chrono::hours(24);
    std::vector<std::pair<SubscriptionIndex, std::uint64_t>> all;
    for (const auto& request : requests) {
        const bool is_lasting = request.start.is_lasting || !request.group.empty();
        if (publisher_age >= (is_lasting ? lasting_known_for : known_for))
            continue;
        auto claimed =
            std::max(request.start.handled, request.start.resume.value_or(Progress{}).position);
        for (const auto& [index, standing] : request.standings)
            claimed = std::max(claimed, standing.position);
        // Nobody knows more than was there before this run, and what this run told him.
        auto possible = run_first_ - 1;
        auto done = run_first_ - 1;
        for (const auto* one : known_as(request)) {
            possible = std::max(possible, one->told_highest);
            done = std::max(done, one->done.position);
        }
        if (claimed > possible)
            all.emplace_back(request.index, done);
    }
    return all;
}

/// Of what there is now, a new subscription may want some only.
void JournalPublication::begin_choice(Subscription& subscription, const StartFrom& from) {
    using Kind = StartFrom::Kind;
    const bool is_choice =
        from.kind == Kind::last_events || from.kind == Kind::last_values || from.kind == Kind::time;
    if (!is_choice || last() == subscription.done.position)
        return;
    subscription.is_choosing = true;
    subscription.picked_until = last();
    auto& choice = choices_[subscription.key];
    choice = {};
    choice.next = subscription.done.position + 1;
    if (from.kind == Kind::time)
        choice.since_us = from.number;
    else
        choice.events.emplace(from.kind == Kind::last_events ? std::optional(from.number)
                                                             : std::nullopt);
}

/// Goes on choosing, as far as the disk lets it.
void JournalPublication::choose_on(Subscription& subscription) {
    auto& choice = choices_.at(subscription.key);
    if (!choice.events) {
        if (const auto first = archive_.first_since(choice.since_us)) {
            subscription.picked_until = std::min(*first - 1, subscription.picked_until);
            settle_choice(subscription, {}, 0);
        }
        return;
    }
    std::vector<bool> is_wanted(topics_.size());
    for (std::size_t i = 0; i < topics_.size(); ++i)
        is_wanted[i] = subscription.wants(topics_[i].name);
    const auto see = [&](const EventLog::Entry& entry) {
        if (entry.sequence <= subscription.picked_until && is_wanted[entry.topic] &&
            subscription.has_slot_of(entry))
            choice.events->see(entry);
    };
    for (int reads = 0; choice.next <= subscription.picked_until; ++reads) {
        choice.next = std::max(choice.next, archive_.first());
        if (choice.next >= log_.first()) {
            for (auto reader = log_.read_from(choice.next); !reader.is_at_end(); reader.step())
                see(reader.entry());
            break;
        }
        if (reads == choosing_reads_max) {
            has_more_ = true;
            return;
        }
        const auto stretch = archive_.read(choice.next, batch_size_bytes_target);
        if (stretch.reached < choice.next)
            return; // nothing can be read now
        std::ranges::for_each(stretch.entries, see);
        choice.next = stretch.reached + 1;
    }
    settle_choice(subscription, choice.events->sequences(), choice.events->given_up_count());
}

/// What it begins with is chosen. `given_up`: how many more it should have had.
void JournalPublication::settle_choice(Subscription& subscription,
                                       std::vector<std::uint64_t> picked, std::uint64_t given_up) {
    // Some may have been trimmed meanwhile: they are not among what there is any more.
    std::erase_if(picked, [&](std::uint64_t sequence) { return sequence < archive_.first(); });
    const auto first = picked.empty() ? subscription.picked_until + 1 : picked.front();
    subscription.picked = std::move(picked);
    subscription.is_choosing = false;
    choices_.erase(subscription.key);
    subscription.gone = 0;
    subscription.gone_through = archive_.first() - 1;
    subscription.lost = given_up;
    subscription.lost_through = given_up == 0 ? 0 : first - 1;
    subscription.cursor = std::max(subscription.cursor, first - 1);
    look_ahead(subscription);
}

/// It wants what its patterns match, without a choice.
void JournalPublication::end_choice(Subscription& subscription) {
    subscription.is_choosing = false;
    subscription.picked.clear();
    subscription.picked_until = 0;
    choices_.erase(subscription.key);
}

} // namespace mesh
