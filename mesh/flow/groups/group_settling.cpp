// Group, the part that brings every part of the slots where it belongs.

#include "mesh/flow/groups/group.hpp"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

namespace mesh {

namespace {

/// Whether nothing that the part was sent in this session is unacknowledged.
bool has_none_on_the_way(const Subscription& part) {
    return part.told == part.done.position && part.sent == part.done.volume;
}

} // namespace

bool Group::fits(const Member& member) const {
    return member.request.patterns == patterns_ || fault_ == GroupFault::mixes_patterns;
}

/// What the youngest listens to counts, of those that stay if there are any: the same answer at
/// every publisher, and with every member that comes back.
void Group::choose_patterns() {
    const Member* youngest = nullptr;
    for (const auto& member : members_) {
        if (!member.link)
            continue;
        const auto rank = [](const Member& one) {
            return std::tuple(!one.is_leaving(), one.request.member_since, one.hash);
        };
        if (youngest == nullptr || rank(member) > rank(*youngest))
            youngest = &member;
    }
    if (patterns_ == youngest->request.patterns)
        return;
    patterns_ = youngest->request.patterns;
    news_.push_back(name_ + ": its members listen to different patterns; those of " +
                    youngest->key + " count, as it is the youngest");
}

void Group::choose_owners() {
    owners_.assign(key_slot_count, 0);
    std::vector<std::size_t> eligible;
    for (const bool also_leaving : {false, true}) {
        if (!eligible.empty())
            break;
        for (std::size_t i = 0; i < members_.size(); ++i)
            if (members_[i].link && fits(members_[i]) &&
                (also_leaving || !members_[i].is_leaving()))
                eligible.push_back(i);
    }
    std::vector<std::uint64_t> hashes;
    hashes.reserve(eligible.size());
    for (const auto i : eligible)
        hashes.push_back(members_[i].hash);
    for (std::size_t slot = 0; slot < key_slot_count; ++slot)
        owners_[slot] = eligible[owner_of(static_cast<KeySlot>(slot), hashes)];
}

void Group::settle(PartKeeper& keeper, TimePoint now) {
    if (!is_present()) {
        for (const auto& part : parts_)
            if (part.subscription->link)
                keeper.release(*part.subscription, now);
        is_unsettled_ = !parts_.empty();
        return;
    }
    if (std::exchange(is_restored_, false))
        mend(keeper);
    choose_patterns();
    choose_owners();
    for (std::size_t i = 0; i < parts_.size(); ++i) // there may be more of them while this goes on
        settle_part(keeper, i);
    end_empty_parts(keeper);
    for (const auto& member : members_)
        if (member.link)
            bring_together(keeper, member);
    share_windows();
    is_unsettled_ = std::ranges::any_of(parts_, [&](const Part& part) {
        const auto* owner = find(part.owner);
        return owner == nullptr || !owner->link || part.subscription->slots.is_changing() ||
               part.subscription->slots.mask() == 0 ||
               std::ranges::count(parts_, part.owner, &Part::owner) > 1;
    });
}

bool Group::is_behind_another(const PartKeeper& keeper, const Part& part) const {
    if (part.behind.empty())
        return false;
    const auto* other = part_of(part.behind);
    const auto until = part.until - (fault_ == GroupFault::fence_one_short ? 1U : 0U);
    return other != nullptr && fault_ != GroupFault::skips_fence &&
           other->subscription->done.position < until && !keeper.is_done(*other->subscription);
}

void Group::settle_part(PartKeeper& keeper, std::size_t index) {
    auto& subscription = *parts_[index].subscription;
    if (subscription.slots.is_changing())
        keeper.settle_slots(subscription);
    auto* owner = find(parts_[index].owner);
    if (owner != nullptr && !owner->link && fault_ == GroupFault::skips_lease)
        owner = nullptr;
    const bool is_served_there = owner != nullptr && owner->link == subscription.link;
    if (owner == nullptr || !owner->link || !is_served_there) {
        // The fence: an owner that may come back is waited for, and so is the part before.
        const bool is_expected = owner != nullptr && !owner->link;
        if (is_expected || is_behind_another(keeper, parts_[index]))
            return keeper.hold(subscription);
        parts_[index].behind.clear();
        if (owner == nullptr) {
            auto slots = subscription.slots.mask();
            if (slots == 0)
                slots = subscription.slots.given();
            const auto slot =
                static_cast<std::size_t>(std::countr_zero(slots | SlotMask{1} << 63U));
            owner = &members_[owners_[slot]];
        }
        give(keeper, parts_[index], *owner);
    }
    if (subscription.slots.is_changing_after(subscription.told) && keeper.is_done(subscription))
        keeper.catch_up(subscription);
    SlotMask moving = 0;
    for (std::size_t slot = 0; slot < key_slot_count; ++slot)
        if (&members_[owners_[slot]] != owner)
            moving |= mask_of(static_cast<KeySlot>(slot));
    moving &= subscription.slots.mask();
    // One change at a time: where the next one lies is clear once the part has come to the last.
    if (moving == 0 || subscription.slots.is_changing())
        return;
    // Who sits on seat 0 has all slots, so that its subscriber's place speaks for all events.
    const bool was_whole = seat_of(subscription.index) == 0;
    const auto rest = was_whole ? subscription.slots.mask() & ~moving : 0;
    for (const auto slots : {moving, rest}) {
        if (slots == 0)
            continue;
        auto& piece = keeper.split(subscription, slots, next_key());
        piece.group = this;
        parts_.push_back({&piece, {}, 0, subscription.key, piece.first_position});
    }
    if (fault_ == GroupFault::both_own)
        subscription.slots.take(moving, 0);
}

void Group::give(PartKeeper& keeper, Part& part, Member& owner) {
    auto& subscription = *part.subscription;
    const bool is_same_owner = part.owner == owner.key;
    if (!is_same_owner && fault_ == GroupFault::counts_sent_done)
        subscription.done = subscription.furthest;
    SubscriptionRequest request = owner.request;
    request.key = subscription.key;
    request.start.resume.reset();
    if (is_same_owner)
        for (const auto& [index, standing] : owner.request.standings)
            if (index == subscription.index)
                request.start.resume = standing;
    // Who goes on knows it by its name; a new run, or somebody else, may know another of that name.
    if (!request.start.resume)
        subscription.index = free_index(owner, part);
    request.index = subscription.index;
    if (!is_same_owner)
        remember_sent(part.owner, subscription);
    part.owner = owner.key;
    part.epoch = ++epoch_;
    if (parts_.size() > 1 || !is_same_owner)
        news_.push_back(name_ + ": " + std::to_string(std::popcount(subscription.slots.mask())) +
                        " of 64 key slots to " + owner.key + " from " +
                        std::to_string(subscription.done.position) + " on, epoch " +
                        std::to_string(epoch_));
    keeper.serve(subscription, *owner.link, request);
}

SubscriptionIndex Group::free_index(Member& member, const Part& part) const {
    const auto handler = handler_of(member.request.index);
    const auto is_known = [&](SubscriptionIndex index) {
        return std::ranges::any_of(member.request.standings,
                                   [&](const auto& one) { return one.first == index; });
    };
    if (fault_ == GroupFault::reuses_index)
        return handler;
    // A member that knows nothing yet is given the plain name: with all slots it stays that.
    const auto plain = subscription_index(handler, 0, 0);
    const auto is_taken = [&](std::uint32_t seat) {
        return std::ranges::any_of(parts_, [&](const Part& other) {
            return &other != &part && other.owner == member.key &&
                   seat_of(other.subscription->index) == seat;
        });
    };
    const bool is_whole = part.subscription->slots.is_all();
    if (is_whole && member.turn == 0 && !is_taken(0) && !is_known(plain)) {
        member.turn = 1;
        return plain;
    }
    for (std::uint32_t seat = is_whole ? 0 : 1;; ++seat) {
        if (is_taken(seat))
            continue; // there are fewer parts than seats
        SubscriptionIndex index = 0;
        do
            index = subscription_index(handler, seat, ++member.turn);
        while (is_known(index));
        return index;
    }
}

void Group::end_empty_parts(PartKeeper& keeper) {
    for (std::size_t i = 0; i < parts_.size();) {
        auto& subscription = *parts_[i].subscription;
        const bool is_over = subscription.slots.mask() == 0 && parts_.size() > 1 &&
                             (keeper.is_done(subscription) || !subscription.slots.is_changing());
        if (!is_over) {
            ++i;
            continue;
        }
        remember_sent(parts_[i].owner, subscription);
        parts_.erase(parts_.begin() + static_cast<std::ptrdiff_t>(i));
        keeper.end(subscription, *parts_.front().subscription);
    }
}

void Group::bring_together(PartKeeper& keeper, const Member& member) {
    for (const auto& part : parts_)
        if (part.owner == member.key)
            part.subscription->is_paused = false;
    Subscription* first = nullptr;
    for (const auto& part : parts_) {
        auto& one = *part.subscription;
        const bool may_be = part.owner == member.key && one.link == member.link &&
                            one.slots.mask() != 0 && !one.slots.is_changing() &&
                            keeper.is_plain(one);
        if (!may_be)
            continue;
        if (first == nullptr) {
            first = &one;
            continue;
        }
        const bool is_at_rest = has_none_on_the_way(*first) && has_none_on_the_way(one);
        if (!is_at_rest && fault_ != GroupFault::joins_early) {
            first->is_paused = one.is_paused = true; // what is on the way comes home first
            continue;
        }
        auto& into = first->told <= one.told ? *first : one;
        auto& from = &into == first ? one : *first;
        remember_sent(member.key, from);
        remove(from);
        return keeper.merge(into, from); // one pair at a time: they have to come to that place
    }
}

void Group::share_windows() {
    for (const auto& member : members_) {
        if (!member.link)
            continue;
        const auto is_its = [&](const Part& part) {
            return part.owner == member.key && part.subscription->link == member.link;
        };
        const auto count = static_cast<std::uint64_t>(std::ranges::count_if(parts_, is_its));
        const auto share = [&](std::uint64_t whole) {
            return whole == 0
                       ? 0
                       : std::max<std::uint64_t>(1, whole / std::max<std::uint64_t>(1, count));
        };
        const auto& request = member.request;
        for (const auto& part : parts_) {
            if (!is_its(part))
                continue;
            auto& one = *part.subscription;
            one.window = {share(request.window.events), share(request.window.bytes)};
            one.window_bytes_highest = std::max(one.window_bytes_highest, one.window.bytes);
            one.depth = share(request.depth);
        }
    }
}

std::string Group::next_key() {
    for (;;)
        if (auto key = name_ + "#" + std::to_string(++last_number_); part_of(key) == nullptr)
            return key;
}

} // namespace mesh
