// LinkedDeliveries, the part that tells who has not acknowledged everything.

#include "mesh/flow/streams/linked_deliveries.hpp"

namespace mesh {

std::vector<std::string> LinkedDeliveries::behind() const {
    settle_accounts();
    std::vector<std::string> keys;
    for (const auto& [key, subscription] : subscriptions_)
        if (subscription->link && !has_all(*subscription))
            keys.push_back(name_of(*subscription));
    return keys;
}

std::vector<Unacknowledged> LinkedDeliveries::unacknowledged() const {
    std::map<std::string, Unacknowledged> all;
    const auto note = [&](const std::string& name) -> Unacknowledged& {
        return all.try_emplace(name, Unacknowledged{name, 0}).first->second;
    };
    for (const auto& row : ledger())
        if (row.waiting > 0)
            *note(row.key).events += row.waiting;
    for (const auto& [key, subscription] : subscriptions_) {
        const auto& one = *subscription;
        const auto in_flight = one.in_flight().events;
        const auto& name = name_of(one);
        if (in_flight == 0 && !one.is_behind && !all.contains(name))
            continue;
        auto& noted = note(name);
        if (one.is_behind || !noted.events)
            noted.events.reset();
        else
            *noted.events += in_flight;
        noted.is_away = !one.link || *one.link == waiting_room;
        noted.is_owed = one.is_lasting;
    }
    std::vector<Unacknowledged> list;
    list.reserve(all.size());
    for (auto& [name, noted] : all)
        list.push_back(std::move(noted));
    return list;
}

} // namespace mesh
