// JournalPublication, the part that divides and joins the parts of groups.

#include "mesh/flow/streams/journal_publication.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

void JournalPublication::serve(Subscription& part, LinkNumber link,
                               const SubscriptionRequest& request) {
    disconnect(part);
    changed_.insert(part.key);
    // A member says where it stands by the name that the part has with it. Nothing goes out under
    // that name before the disk knows whose it is.
    if (!request.start.resume) {
        part.is_stored = false;
        new_.insert(part.key);
    }
    connect(link, admit(request, WallTime{}, Duration{}));
}

void JournalPublication::hold(Subscription& part) {
    if (part.link == waiting_room)
        return;
    disconnect(part);
    // What was on the way and is gone meanwhile has to be counted while it is known what that was.
    count_lost(part, part.done, true);
    part.is_paused = false;
    place(part, part.done);
    part.furthest = part.done;
    connect(waiting_room, part);
}

Subscription& JournalPublication::split(Subscription& from, SlotMask slots, std::string key) {
    // What is gone was counted for the whole, which is to tell it.
    const auto position =
        std::max({from.told, from.lost_through, from.gone_through, from.picked_until});
    auto& piece = *(subscriptions_[key] = std::make_unique<Subscription>());
    piece.key = std::move(key);
    piece.patterns = from.patterns;
    piece.policy = from.policy;
    piece.window = from.window;
    piece.first_position = position;
    piece.done = piece.furthest = piece.counted = {position, {}};
    piece.stored = std::min(from.stored, position);
    piece.gone_through = from.gone_through;
    piece.is_counted = true;
    piece.detached_at = from.detached_at;
    piece.slots = HeldSlots(slots);
    from.slots.give(slots, position);
    for (auto watched = watched_.upper_bound(position); watched != watched_.end(); ++watched)
        if (watched->first >= log_.first() && piece.has_slot_of(log_.at(watched->first)) &&
            watched->second.erase(from.key) > 0)
            watched->second.insert(piece.key);
    from.next_bytes = 1;
    look_ahead(from);
    piece.patterns = from.group->patterns();
    place(piece, piece.done);
    connect(waiting_room, piece);
    // On disk `from` still has all the slots. Until it has not, neither goes on: after a restart
    // its member would say that it stands beyond events that are those of the piece.
    piece.is_stored = from.is_stored = false;
    new_.insert(piece.key);
    changed_.insert(from.key);
    changed_.insert(piece.key);
    return piece;
}

void JournalPublication::merge(Subscription& into, Subscription& from) {
    into.slots.take(from.slots.mask(), from.told);
    into.is_paused = false;
    for (auto& [sequence, keys] : watched_)
        if (keys.erase(from.key) > 0)
            keys.insert(into.key);
    place(into, into.done);
    changed_.insert(into.key);
    end(from, into);
}

void JournalPublication::end(Subscription& part, Subscription& heir) {
    heir.told_highest = std::max(heir.told_highest, part.told_highest);
    for (auto& [sequence, keys] : watched_)
        keys.erase(part.key); // it is done with all that it wanted
    disconnect(part);
    changed_.erase(part.key);
    new_.erase(part.key);
    choices_.erase(part.key);
    removed_.push_back(part.key);
    subscriptions_.erase(std::string(part.key));
}

void JournalPublication::begin_anew(Subscription& part) {
    part.gone = 0;
    part.gone_through = archive_.first() - 1;
    part.done = {part.gone_through, {}};
    part.stored = part.done.position;
}

void JournalPublication::settle_slots(Subscription& part) {
    part.slots.settle(part.done.position);
}

void JournalPublication::catch_up(Subscription& part) {
    part.cursor = last();
    part.is_announced = false;
}

void JournalPublication::forget(Subscription& subscription) {
    choices_.erase(subscription.key);
    new_.erase(subscription.key);
    groups_.remove(subscription);
    subscriptions_.erase(std::string(subscription.key));
}

/// A part that waits behind another one is owed what that one still has of its slots: after a
/// restart it begins there.
RememberedSubscription JournalPublication::remembered(const Subscription& subscription) const {
    RememberedSubscription row{subscription.key, subscription.patterns, subscription.done.position};
    if (subscription.group == nullptr)
        return row;
    row.group = subscription.group->name();
    row.index = subscription.index;
    row.slots = subscription.slots.mask();
    for (const auto& part : subscription.group->parts()) {
        if (part.subscription == &subscription)
            row.owner = part.owner;
        else if ((part.subscription->slots.given() & row.slots) != 0 &&
                 groups_.fault() != GroupFault::forgets_debt)
            row.position = std::min(row.position, part.subscription->done.position);
    }
    return row;
}

} // namespace mesh
