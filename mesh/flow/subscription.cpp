#include "mesh/flow/subscription.hpp"

#include <algorithm>

namespace mesh {

bool Subscription::can_send() const {
    if (is_paused)
        return false;
    if (!is_announced)
        return true;
    // A gap takes no credit, but it is told after what was kept from before it.
    if (has_hole && !has_unsent_overflow())
        return true;
    const auto out = in_flight();
    if (pending.events == 0)
        return refused > 0 && has_room(out, 1);
    return (pending.events > pending_fast.events && has_room(out, next_bytes)) ||
           (pending_fast.events > 0 && has_fast_room(out, next_bytes));
}

std::uint64_t Subscription::picked_count(std::uint64_t first, std::uint64_t last) const {
    if (first > last)
        return 0;
    const auto from = std::ranges::lower_bound(picked, first);
    const auto until = std::ranges::upper_bound(picked, last);
    const auto beyond = std::max(first - 1, picked_until);
    return static_cast<std::uint64_t>(until - from) + (last > beyond ? last - beyond : 0);
}

std::uint64_t Subscription::unsent_of(const Spilled& stretch) const {
    if (stretch.last_sequence <= cursor)
        return 0;
    // Up to the cursor its events are the ones with an index up to what was sent. The first index
    // may lie before a new count's beginning, the last one does not.
    const auto last_index = stretch.first_index + stretch.volume.events - 1;
    return std::min(stretch.volume.events, last_index - sent.events);
}

void Subscription::tell(std::uint64_t before, std::uint64_t after) {
    told = after;
    // Told otherwise than before a rewind.
    if (!told_gaps.empty() && told_gaps.back().after > before)
        std::erase_if(told_gaps,
                      [&](const ToldGap& gap) { return gap.after > before && gap.after <= after; });
}

void Subscription::tell_gap(const ToldGap& gap) {
    const auto next = std::ranges::upper_bound(told_gaps, gap.after, {}, &ToldGap::after);
    told_gaps.insert(next, gap);
    told_lost += gap.count;
}

void Subscription::let_go(std::uint64_t last, Volume events, Volume fast) {
    if (!link || last <= cursor)
        return; // counted when it comes back, or sent
    if (refused > 0 && last >= refused_from) {
        refused -= std::min(refused, events.events);
        refused_from = refused == 0 ? 0 : last + 1;
    } else {
        pending = pending - events;
        pending_fast = pending_fast - fast;
    }
    has_hole = true;
    next_bytes = 1;
}

} // namespace mesh
