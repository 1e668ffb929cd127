#include "mesh/flow/groups/groups.hpp"

#include <algorithm>
#include <iterator>

namespace mesh {

Group& Groups::named(const std::string& name) {
    auto& group = groups_[name];
    if (!group)
        group = std::make_unique<Group>(name, fault_);
    return *group;
}

void Groups::part_from(LinkNumber link, TimePoint now) {
    for (const auto& [name, group] : groups_)
        group->part_from(link, now);
}

void Groups::dismiss(LinkNumber link) {
    for (const auto& [name, group] : groups_)
        group->dismiss(link);
}

void Groups::forget_away(TimePoint now) {
    for (const auto& [name, group] : groups_)
        group->forget_away(now);
}

void Groups::settle(PartKeeper& keeper, TimePoint now) {
    for (const auto& [name, group] : groups_)
        if (group->is_unsettled())
            group->settle(keeper, now);
}

void Groups::grant(LinkNumber link, std::uint16_t handler, Volume window) {
    for (const auto& [name, group] : groups_)
        for (const auto& member : group->members())
            if (member.link == link && handler_of(member.request.index) == handler) {
                group->grant(link, window);
                return;
            }
}

void Groups::remove(const Subscription& part) {
    if (part.group == nullptr)
        return;
    part.group->remove(part);
    if (part.group->is_empty())
        groups_.erase(std::string(part.group->name()));
}

std::size_t Groups::member_count(std::string_view topic) const {
    std::size_t count = 0;
    for (const auto& [name, group] : groups_)
        count += group->member_count(topic);
    return count;
}

std::vector<std::string> Groups::take_news() {
    std::vector<std::string> all;
    for (const auto& [name, group] : groups_)
        std::ranges::move(group->take_news(), std::back_inserter(all));
    return all;
}

std::optional<KeySlot> slot_among_parts(std::span<Subscription* const> wanting,
                                        std::string_view key, std::uint64_t turn) {
    const auto is_part = [](const Subscription* one) { return !one->slots.is_all(); };
    if (!key.empty())
        return slot_of_key(key);
    SlotChoice choice;
    for (const auto* one : wanting) {
        if (!is_part(one))
            continue;
        const auto taken = one->in_flight().events + one->pending.events;
        choice.add(one->slots.mask(), one->window.events - std::min(one->window.events, taken));
    }
    return choice.best(turn);
}

void add_past_rows(const Groups& groups,
                   const std::function<std::string(std::uint16_t)>& topic_name,
                   std::vector<Deliveries::LedgerRow>& rows) {
    for (const auto& [name, group] : groups.all())
        for (const auto& member : group->members()) {
            if (!member.link)
                continue;
            std::map<std::string, Deliveries::LedgerRow> all;
            const auto& past = member.past;
            for (std::size_t i = 0; i < past.sent_by_topic.size(); ++i)
                if (past.sent_by_topic[i] > 0)
                    all[topic_name(static_cast<std::uint16_t>(i))].sent += past.sent_by_topic[i];
            if (past.sent_unknown > 0)
                all[""].sent += past.sent_unknown;
            for (const auto& [topic, counts] : past.losses.by_topic()) {
                auto& dropped = all[topic ? topic_name(*topic) : ""].dropped;
                for (std::size_t i = 0; i < loss_reason_count; ++i)
                    dropped[i] += counts[i];
            }
            for (auto& [topic, row] : all) {
                row.key = member.key;
                row.link = member.link;
                row.index = member.request.index;
                row.topic = topic;
                rows.push_back(std::move(row));
            }
        }
}

std::vector<Subscription*> with_siblings(Subscription& subscription) {
    if (subscription.group == nullptr)
        return {&subscription};
    std::vector<Subscription*> all;
    for (const auto& part : subscription.group->parts())
        all.push_back(part.subscription);
    return all;
}

const std::string& name_of(const Subscription& subscription) {
    return subscription.group == nullptr ? subscription.key : subscription.group->who(subscription);
}

} // namespace mesh
