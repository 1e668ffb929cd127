#include "mesh/flow/streams/linked_deliveries.hpp"

#include <set>

namespace mesh {

namespace {

constexpr std::size_t detached_subscriptions_max = 1024;

// A subscription that does not last may still resume after a break, with exact gaps.
constexpr Duration passing_away_max = std::chrono::minutes(1);

} // namespace

std::vector<Subscription*> LinkedDeliveries::wanting(std::string_view topic) const {
    std::vector<Subscription*> all;
    for (const auto& [key, subscription] : subscriptions_)
        if (subscription->link && subscription->wants(topic))
            all.push_back(subscription.get());
    return all;
}

std::vector<std::string> LinkedDeliveries::slow_ones(std::string_view topic,
                                                     std::size_t payload_size_bytes,
                                                     std::string_view key) const {
    settle_accounts();
    std::vector<std::string> names;
    const auto all = wanting(topic);
    const auto next = last_sequence() + 1;
    const auto slot = slot_among(all, key, next);
    for (const auto* one : all)
        if (is_short(*one, payload_size_bytes) && (!slot || one->slots.has(*slot, next)))
            names.push_back(name_of(*one));
    return names;
}

std::optional<KeySlot> LinkedDeliveries::best_slot(std::string_view topic) const {
    settle_accounts();
    return slot_among(wanting(topic), {}, last_sequence() + 1);
}

void LinkedDeliveries::Link::count_undefined() {
    undefined_count = 0;
    for (std::size_t i = 0; i < wanting.size(); ++i)
        undefined_count += !wanting[i].empty() && !is_defined[i] ? 1 : 0;
}

void LinkedDeliveries::attach(LinkNumber number, std::uint64_t session,
                              const std::vector<SubscriptionRequest>& requests, WallTime now,
                              Duration publisher_age) {
    detach(number, TimePoint{});
    auto& link = links_[number];
    link = {};
    link.session = session;
    link.is_own = number == self_link;
    link.wanting.resize(topic_count());
    link.is_defined.resize(topic_count());
    std::set<std::string> asked;
    for (auto request : requests) {
        if (!asked.insert(request.key).second)
            continue; // asked for twice: a peer's mistake
        if (!request.group.empty()) {
            join(number, request, now, publisher_age);
            continue;
        }
        // The name of a part: its member got all events only after it had shared them.
        if (const auto known = subscriptions_.find(request.key);
            known != subscriptions_.end() && known->second->group != nullptr)
            request.key += " (each)";
        connect(number, admit(request, now, publisher_age));
    }
    groups_.settle(*this, TimePoint{});
    note_attached();
}

void LinkedDeliveries::join(LinkNumber number, const SubscriptionRequest& request, WallTime now,
                            Duration publisher_age) {
    auto& group = groups_.named(request.group);
    const auto known = std::ranges::find(group.members(), request.key, &Group::Member::key);
    // A restarted node came back before its old link was given up.
    if (known != group.members().end() && known->link && *known->link != number)
        detach(*known->link, TimePoint{});
    auto lasting = request;
    lasting.start.is_lasting = true;
    group.join(lasting, number);
    if (!group.parts().empty())
        return;
    for (const auto& [index, standing] : request.standings)
        if (index == request.index)
            lasting.start.resume = standing;
    auto& part = admit(lasting, now, publisher_age);
    group.begin(part, request.key);
    connect(number, part);
}

void LinkedDeliveries::detach(LinkNumber number, TimePoint now) {
    begin_accounts_anew();
    const auto found = links_.find(number);
    if (found == links_.end())
        return;
    for (std::size_t i = 0; i < topic_count(); ++i)
        std::erase_if(attached_to(static_cast<std::uint16_t>(i)),
                      [&](const auto* one) { return one->link == number; });
    for (auto* subscription : found->second.subscriptions) {
        subscription->link.reset();
        subscription->detached_at = now;
    }
    links_.erase(found);
    groups_.part_from(number, now);
    groups_.settle(*this, now);
    note_attached();
}

void LinkedDeliveries::dismiss(LinkNumber number, TimePoint now) {
    const auto found = links_.find(number);
    if (found == links_.end())
        return;
    // Not the parts of groups, which may become one with others in `detach`.
    std::vector<Subscription*> leaving;
    for (auto* subscription : found->second.subscriptions)
        if (!subscription->is_lasting && subscription->group == nullptr)
            leaving.push_back(subscription);
    groups_.dismiss(number);
    detach(number, now);
    for (auto* subscription : leaving)
        forget(*subscription);
}

std::vector<std::string> LinkedDeliveries::retire(TimePoint now, Duration away_max) {
    begin_accounts_anew();
    groups_.forget_away(now);
    groups_.settle(*this, now);
    std::vector<Subscription*> away;
    for (const auto& [key, subscription] : subscriptions_)
        if (!subscription->link)
            away.push_back(subscription.get());
    std::ranges::sort(away, {}, &Subscription::detached_at);
    std::vector<std::string> retired;
    auto left = away.size();
    std::set<const Subscription*> gone;
    for (auto* subscription : away) {
        if (gone.contains(subscription))
            continue;
        const auto patience = subscription->is_lasting ? away_max : passing_away_max;
        if (now - subscription->detached_at <= patience && left <= detached_subscriptions_max)
            continue;
        for (auto* one : with_siblings(*subscription)) {
            --left;
            gone.insert(one);
            if (one->is_lasting)
                retired.push_back(one->key);
            forget(*one);
        }
    }
    return retired;
}

void LinkedDeliveries::connect(LinkNumber number, Subscription& subscription) {
    auto& link = links_[number];
    link.wanting.resize(topic_count());
    link.is_defined.resize(topic_count());
    subscription.link = number;
    link.subscriptions.push_back(&subscription);
    for (std::size_t i = 0; i < topic_count(); ++i) {
        const auto topic = static_cast<std::uint16_t>(i);
        if (!subscription.wants(topic_name(topic)))
            continue;
        link.wanting[i].push_back(&subscription);
        attached_to(topic).push_back(&subscription);
    }
    link.count_undefined();
}

void LinkedDeliveries::disconnect(Subscription& subscription) {
    if (!subscription.link)
        return;
    if (const auto found = links_.find(*subscription.link); found != links_.end()) {
        std::erase(found->second.subscriptions, &subscription);
        for (auto& wanting : found->second.wanting)
            std::erase(wanting, &subscription);
        found->second.count_undefined();
    }
    for (std::size_t i = 0; i < topic_count(); ++i)
        std::erase(attached_to(static_cast<std::uint16_t>(i)), &subscription);
    subscription.link.reset();
}

void LinkedDeliveries::release(Subscription& part, TimePoint now) {
    disconnect(part);
    part.detached_at = now;
}

void LinkedDeliveries::note_topic(std::uint16_t number) {
    for (auto& [link_number, link] : links_) {
        link.wanting.resize(topic_count());
        link.is_defined.resize(topic_count());
        link.define(number); // no more than counts: it is wanted anew
        link.wanting[number].clear();
        link.is_defined[number] = false;
        for (auto* subscription : link.subscriptions) {
            if (!subscription->wants(topic_name(number)))
                continue;
            link.wanting[number].push_back(subscription);
            attached_to(number).push_back(subscription);
        }
        link.undefined_count += link.wanting[number].empty() ? 0 : 1;
    }
}

Subscription* LinkedDeliveries::find(LinkNumber number, SubscriptionIndex index) {
    const auto link = links_.find(number);
    if (link == links_.end())
        return nullptr;
    const auto& all = link->second.subscriptions;
    const auto found = std::ranges::find(all, index, &Subscription::index);
    return found == all.end() ? nullptr : *found;
}

Subscription* LinkedDeliveries::acknowledging(LinkNumber link, SubscriptionIndex index,
                                              const Progress& done, Volume window) {
    auto* subscription = find(link, index);
    if (subscription == nullptr) {
        groups_.grant(link, handler_of(index), window);
        groups_.settle(*this, TimePoint{});
        return nullptr;
    }
    const bool is_possible = done.position >= subscription->done.position &&
                             done.position <= subscription->furthest.position &&
                             done.volume.events <= subscription->furthest.volume.events &&
                             done.volume.bytes <= subscription->furthest.volume.bytes;
    return is_possible ? subscription : nullptr;
}

void LinkedDeliveries::grant(Subscription& subscription, Volume window) {
    if (subscription.group == nullptr) {
        subscription.window = window;
        subscription.window_bytes_highest =
            std::max(subscription.window_bytes_highest, window.bytes);
    } else if (subscription.group->grant(*subscription.link, window)) {
        subscription.group->settle(*this, TimePoint{});
    }
}

void LinkedDeliveries::define_topic(const Link& link, std::uint16_t number) {
    if (link.is_defined[number])
        return;
    auto& named = plan_.header.topics;
    if (std::ranges::find(named, number, &TopicDefinition::number) == named.end())
        named.push_back({number, topic_name(number)});
}

void LinkedDeliveries::serve_next(Subscription& subscription, std::uint64_t lost) {
    subscription.next_bytes = 1;
    // Whoever begins in the middle of a session was not told what the topics' numbers mean.
    if (!subscription.is_announced && subscription.index != handler_of(subscription.index))
        forget_definitions(links_.at(*subscription.link));
    plan_.served.push_back(&subscription);
    plan_.header.positions.push_back(
        {subscription.index, subscription.told, subscription.told, lost, 0, 0});
}

bool LinkedDeliveries::is_worth_sending() const {
    for (std::size_t i = 0; i < plan_.served.size(); ++i)
        if (plan_.header.positions[i].lost > 0 || !plan_.served[i]->is_announced)
            return true;
    return !plan_.is_empty();
}

std::vector<std::pair<SubscriptionIndex, std::uint64_t>>
LinkedDeliveries::heads(LinkNumber number) const {
    std::vector<std::pair<SubscriptionIndex, std::uint64_t>> heads;
    if (const auto found = links_.find(number); found != links_.end())
        for (const auto* subscription : found->second.subscriptions)
            if (subscription->is_announced)
                heads.emplace_back(subscription->index, subscription->told);
    return heads;
}

bool LinkedDeliveries::is_dry(LinkNumber number) const {
    settle_accounts();
    const auto found = links_.find(number);
    return found == links_.end() ||
           std::ranges::all_of(found->second.subscriptions,
                               [&](const auto* one) { return has_all(*one); });
}

std::size_t LinkedDeliveries::subscriber_count(std::string_view topic) const {
    auto count = groups_.member_count(topic);
    for (const auto& [number, link] : links_)
        for (const auto* subscription : link.subscriptions)
            count += subscription->group == nullptr && subscription->wants(topic) ? 1 : 0;
    return count;
}

} // namespace mesh
