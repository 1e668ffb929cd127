#pragma once

#include "mesh/flow/groups/group.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// Where parts are attached that nobody gets for now: no link has this number.
inline constexpr LinkNumber waiting_room = UINT32_MAX;

/// The groups of one stream, by name. Pure.
class Groups {
public:
    /// The group of this name, be it a new one.
    Group& named(const std::string& name);

    void part_from(LinkNumber link, TimePoint now);
    void dismiss(LinkNumber link);

    /// Forgets members that were away for too long.
    void forget_away(TimePoint now);

    /// Settles those that are unsettled.
    void settle(PartKeeper& keeper, TimePoint now);

    /// A member without a part of its own says what it grants.
    void grant(LinkNumber link, std::uint16_t handler, Volume window);

    /// A part is forgotten, and its group with the last one.
    void remove(const Subscription& part);

    /// How many members are there that want the topic.
    std::size_t member_count(std::string_view topic) const;

    /// As Group::take_news, of all.
    std::vector<std::string> take_news();

    const std::map<std::string, std::unique_ptr<Group>>& all() const { return groups_; }

    /// For tests, before anything else.
    void plant(GroupFault fault) { fault_ = fault; }

    GroupFault fault() const { return fault_; }

private:
    std::map<std::string, std::unique_ptr<Group>> groups_;
    GroupFault fault_ = GroupFault::none;
};

/// Whether events of both may go in one batch: a receiver cannot tell the slots of what it gets, so
/// a batch for a part is for it alone.
inline bool may_share_batch(const Subscription& one, const Subscription& other) {
    return &one == &other || (one.slots.is_all() && other.slots.is_all());
}

/// The slot of an event among subscriptions that want it, of which some may have a part only: by
/// its key, else where there is most room. Nothing when none has a part.
std::optional<KeySlot> slot_among_parts(std::span<Subscription* const> wanting,
                                        std::string_view key, std::uint64_t turn);

inline std::optional<KeySlot> slot_among(std::span<Subscription* const> wanting,
                                         std::string_view key, std::uint64_t turn) {
    for (const auto* one : wanting)
        if (!one->slots.is_all())
            return slot_among_parts(wanting, key, turn);
    return std::nullopt;
}

/// Adds rows of what members were sent of parts that are not their own any more.
void add_past_rows(const Groups& groups,
                   const std::function<std::string(std::uint16_t)>& topic_name,
                   std::vector<Deliveries::LedgerRow>& rows);

/// The subscription, and the other parts of its group: none is forgotten without the others.
std::vector<Subscription*> with_siblings(Subscription& subscription);

/// The name under which a subscription's holdups and counts are told: of its member, when it is a
/// part.
const std::string& name_of(const Subscription& subscription);

} // namespace mesh
