#include "mesh/flow/groups/group.hpp"

#include "mesh/base/hash.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

Group::Member* Group::find(const std::string& key) {
    const auto found = std::ranges::find(members_, key, &Member::key);
    return found == members_.end() ? nullptr : &*found;
}

const Group::Part* Group::part_of(const std::string& key) const {
    const auto found = std::ranges::find_if(
        parts_, [&](const Part& part) { return part.subscription->key == key; });
    return found == parts_.end() ? nullptr : &*found;
}

void Group::join(const SubscriptionRequest& request, LinkNumber link) {
    auto* member = find(request.key);
    if (member == nullptr)
        member = &members_.emplace_back(
            Member{request.key, hash64(request.key), std::nullopt, {}, {}, 0});
    member->request = request;
    member->link = link;
    if (patterns_.empty())
        patterns_ = request.patterns;
    if (request.standings.empty()) {
        member->turn = 0; // a new run, or one that got nothing so far
        member->past = {};
    }
    is_unsettled_ = true;
}

void Group::remember_sent(const std::string& owner, const Subscription& part) {
    if (auto* member = find(owner))
        member->past.add(part.losses, part.sent_by_topic, part.sent_unknown);
}

void Group::begin(Subscription& part, const std::string& owner) {
    part.group = this;
    parts_.push_back({&part, owner, ++epoch_, {}, 0});
    find(owner)->turn = 1;
}

void Group::restore(Subscription& part, const std::string& owner, TimePoint now) {
    part.group = this;
    patterns_ = part.patterns;
    if (find(owner) == nullptr)
        members_.push_back({owner, hash64(owner), std::nullopt, {}, now, 0});
    parts_.push_back({&part, owner, 0, {}, 0});
    // Two of one name: where the member stands with that, it stands with one of them only.
    for (auto& other : parts_)
        if (other.subscription != &part && other.owner == owner &&
            other.subscription->index == part.index) {
            other.owner.clear();
            parts_.back().owner.clear();
        }
    is_restored_ = is_unsettled_ = true;
}

void Group::part_from(LinkNumber link, TimePoint now) {
    for (auto& member : members_)
        if (member.link == link) {
            member.link.reset();
            member.away_since = now;
            is_unsettled_ = true;
        }
}

void Group::dismiss(LinkNumber link) {
    if (fault_ == GroupFault::never_gives_away)
        return;
    const auto gone = std::erase_if(members_, [&](const Member& one) { return one.link == link; });
    is_unsettled_ = is_unsettled_ || gone > 0;
}

bool Group::forget_away(TimePoint now) {
    if (fault_ == GroupFault::never_gives_away)
        return false;
    const auto gone = std::erase_if(members_, [&](const Member& one) {
        return !one.link && now - one.away_since > member_away_max;
    });
    is_unsettled_ = is_unsettled_ || gone > 0;
    return gone > 0;
}

bool Group::grant(LinkNumber link, Volume window) {
    const auto member = std::ranges::find(members_, std::optional(link), &Member::link);
    if (member == members_.end() || member->request.window == window)
        return is_unsettled_;
    const bool was_leaving = member->is_leaving();
    member->request.window = window;
    is_unsettled_ = is_unsettled_ || was_leaving != member->is_leaving();
    share_windows();
    return is_unsettled_;
}

void Group::remove(const Subscription& part) {
    std::erase_if(parts_, [&](const Part& one) { return one.subscription == &part; });
}

bool Group::is_present() const {
    return std::ranges::any_of(members_, [](const Member& one) { return one.link.has_value(); });
}

std::size_t Group::member_count(std::string_view topic) const {
    const bool is_wanted = std::ranges::any_of(
        patterns_, [&](const Pattern& pattern) { return pattern.matches(topic); });
    return !is_wanted ? 0
                      : static_cast<std::size_t>(std::ranges::count_if(
                            members_, [&](const Member& one) { return one.link && fits(one); }));
}

const std::string& Group::who(const Subscription& part) const {
    const auto found = std::ranges::find(parts_, &part, &Part::subscription);
    return found == parts_.end() || found->owner.empty() ? name_ : found->owner;
}

void Group::mend(PartKeeper& keeper) {
    std::vector<Subscription*> all;
    for (const auto& part : parts_)
        all.push_back(part.subscription);
    std::ranges::sort(all, {}, [](const Subscription* one) { return one->done.position; });
    SlotMask held = 0;
    for (auto* part : all) {
        part->slots = HeldSlots(part->slots.mask() & ~held);
        held |= part->slots.mask();
    }
    if (held == all_slots || fault_ == GroupFault::never_mends)
        return;
    // Nobody knows how far those were: rather everything again than that anything is missed.
    auto& first = *all.front();
    first.slots = HeldSlots(first.slots.mask() | ~held);
    keeper.begin_anew(first);
    std::ranges::find(parts_, &first, &Part::subscription)->owner.clear();
}

} // namespace mesh
