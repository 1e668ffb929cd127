// Publication, the part that decides what the next batch of a link holds.

#include "mesh/flow/publication.hpp"

#include <algorithm>
#include <cassert>

namespace mesh {

namespace {

bool can_send(const Subscription& subscription) {
    // A gap takes no credit, but it is told after what was kept from before it.
    return !subscription.is_announced ||
           (subscription.has_hole && !subscription.has_unsent_overflow()) ||
           (subscription.pending.events > 0 &&
            subscription.has_room(subscription.in_flight(), subscription.next_bytes));
}

} // namespace

const BatchPlan* Publication::plan(LinkNumber number) {
    const auto found = links_.find(number);
    if (found == links_.end())
        return nullptr;
    auto& link = found->second;
    for (;;) {
        Subscription* leader = nullptr;
        for (auto* subscription : link.subscriptions)
            if (can_send(*subscription) &&
                (leader == nullptr || subscription->cursor < leader->cursor))
                leader = subscription;
        if (leader == nullptr)
            return nullptr;
        plan_.clear(leader->cursor, log_.last_time_us());
        plan_.header.source = source_;
        plan_.header.incarnation = incarnation_;
        plan_.header.session = link.session;
        if (leader->has_unsent_overflow())
            plan_overflow(link, *leader);
        else
            plan_log(link, *leader);
        if (is_worth_sending())
            return &plan_;
        // Nothing is wanted up to here, or the next event has no room: now that it is known, the
        // others go on without whoever has to wait.
        bool is_news = false;
        for (std::size_t i = 0; i < plan_.served.size(); ++i) {
            auto& subscription = *plan_.served[i];
            const auto reached = std::max(subscription.cursor, plan_.header.positions[i].after);
            is_news = is_news || reached > subscription.cursor || !can_send(subscription);
            subscription.cursor = reached;
        }
        assert(is_news);
        if (!is_news)
            return nullptr; // a wrong count must not become an endless loop
    }
}

bool Publication::is_worth_sending() const {
    for (std::size_t i = 0; i < plan_.served.size(); ++i)
        if (plan_.header.positions[i].lost > 0 || !plan_.served[i]->is_announced)
            return true;
    return !plan_.is_empty();
}

void Publication::serve(Subscription& subscription, std::uint64_t lost) {
    subscription.next_bytes = 1;
    plan_.served.push_back(&subscription);
    plan_.header.positions.push_back(
        {subscription.index, subscription.told, subscription.told, lost, 0, 0});
}

void Publication::define_topic(Link& link, std::uint16_t number) {
    const auto is_named = std::ranges::find(plan_.header.topics, number,
                                            &TopicDefinition::number) != plan_.header.topics.end();
    if (!link.is_defined[number] && !is_named)
        plan_.header.topics.push_back({number, topics_[number].name});
}

void Publication::plan_overflow(Link& link, Subscription& subscription) {
    const auto& overflow = subscription.overflow;
    auto next = std::ranges::find_if(
        overflow, [&](const auto& kept) { return kept.sequence > subscription.cursor; });
    serve(subscription, next->index - 1 - subscription.sent.events);
    auto& position = plan_.header.positions.front();
    position.after = next->sequence - 1;
    auto index = next->index;
    for (; next != overflow.end() && next->index == index; ++next, ++index) {
        const Volume more{position.events + position.lost, position.bytes};
        const auto size = next->record.size();
        if (!subscription.has_room(subscription.in_flight() + more, size)) {
            subscription.next_bytes = size;
            break;
        }
        if (!plan_.is_empty() && plan_.size_bytes() + size > batch_size_bytes_target)
            break;
        if (plan_.is_empty())
            plan_.start_at(next->sequence - 1, next->time_us - time_delta_us(next->record));
        if (!plan_.add(next->sequence, next->time_us, next->record))
            break;
        define_topic(link, next->topic);
        ++position.events;
        position.bytes += static_cast<std::uint32_t>(next->record.size());
        position.after = next->sequence;
    }
}

void Publication::plan_log(Link& link, Subscription& leader) {
    auto limit = log_.last();
    const auto start = std::max(leader.cursor, log_.first() - 1);
    if (leader.has_hole) {
        serve(leader, trimmed_wanted_count(leader) - leader.sent.events);
    } else {
        for (auto* subscription : link.subscriptions) {
            if (!can_send(*subscription) || subscription->has_hole)
                continue;
            if (subscription->cursor > leader.cursor)
                limit = std::min(limit, subscription->cursor);
            else if (!subscription->has_unsent_overflow())
                serve(*subscription, 0);
        }
    }
    auto& positions = plan_.header.positions;
    std::uint64_t left = 0; // wanted events that the served ones have not got yet
    for (const auto* subscription : plan_.served)
        left += subscription->pending.events;

    const auto position_of = [&](const Subscription* subscription) -> BatchPosition* {
        const auto at = std::ranges::find(plan_.served, subscription);
        return at == plan_.served.end()
                   ? nullptr
                   : &positions[static_cast<std::size_t>(at - plan_.served.begin())];
    };
    auto reached = start;
    for (auto reader = log_.read_from(start + 1); left > 0 && !reader.is_at_end(); reader.step()) {
        const auto entry = reader.entry();
        if (entry.sequence > limit)
            break;
        bool is_wanted = false;
        bool has_room = true;
        for (auto* subscription : link.wanting[entry.topic]) {
            const auto* position = position_of(subscription);
            if (position == nullptr)
                continue;
            is_wanted = true;
            const Volume more{position->events + position->lost, position->bytes};
            if (subscription->has_room(subscription->in_flight() + more, entry.record.size()))
                continue;
            has_room = false;
            subscription->next_bytes = entry.record.size();
        }
        if (is_wanted) {
            const bool is_full = !plan_.is_empty() &&
                                 plan_.size_bytes() + entry.record.size() > batch_size_bytes_target;
            if (!has_room || is_full)
                break;
            if (plan_.is_empty())
                plan_.start_at(entry.sequence - 1, entry.time_us - time_delta_us(entry.record));
            if (!plan_.add(entry.sequence, entry.time_us, entry.record))
                break;
            define_topic(link, entry.topic);
            for (const auto* subscription : link.wanting[entry.topic])
                if (auto* position = position_of(subscription)) {
                    ++position->events;
                    position->bytes += static_cast<std::uint32_t>(entry.record.size());
                    --left;
                }
        }
        reached = entry.sequence;
    }
    for (auto& position : positions)
        position.after = std::max(position.before, reached);
}

void Publication::sent(LinkNumber number) {
    auto& link = links_.at(number);
    for (const auto& definition : plan_.header.topics)
        link.is_defined[definition.number] = true;
    for (std::size_t i = 0; i < plan_.served.size(); ++i) {
        auto& subscription = *plan_.served[i];
        const auto& position = plan_.header.positions[i];
        subscription.told = position.after;
        subscription.cursor = std::max(subscription.cursor, position.after);
        subscription.sent =
            subscription.sent + Volume{position.events + position.lost, position.bytes};
        auto& furthest = subscription.furthest;
        furthest.position = std::max(furthest.position, subscription.told);
        furthest.volume.events = std::max(furthest.volume.events, subscription.sent.events);
        furthest.volume.bytes = std::max(furthest.volume.bytes, subscription.sent.bytes);
        subscription.pending.events -= position.events;
        subscription.pending.bytes -= position.bytes;
        subscription.is_announced = true;
        if (subscription.has_hole)
            subscription.has_hole = has_hole(subscription);
        if (subscription.pending.events == 0 && !subscription.has_hole)
            subscription.cursor = log_.last();
    }
}

std::vector<std::pair<std::uint16_t, std::uint64_t>> Publication::heads(LinkNumber number) const {
    std::vector<std::pair<std::uint16_t, std::uint64_t>> heads;
    if (const auto found = links_.find(number); found != links_.end())
        for (const auto* subscription : found->second.subscriptions)
            if (subscription->is_announced)
                heads.emplace_back(subscription->index, subscription->told);
    return heads;
}

bool Publication::is_dry(LinkNumber number) const {
    const auto found = links_.find(number);
    return found == links_.end() ||
           std::ranges::all_of(found->second.subscriptions, &Subscription::is_dry);
}

std::vector<std::string> Publication::behind() const {
    std::vector<std::string> keys;
    for (const auto& [key, subscription] : subscriptions_)
        if (subscription->link && !subscription->is_dry())
            keys.push_back(key);
    return keys;
}

} // namespace mesh
