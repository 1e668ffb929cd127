#include "nodes/gateway/event_stream.hpp"

#include "nodes/gateway/backlog.hpp"

#include <algorithm>

namespace nodes {

EventStream EventStream::resumed(mesh::Pattern pattern, std::uint64_t next,
                                 const ResumePoint& after, Giver giver) {
    EventStream stream(std::move(pattern), next, Positions(after.positions), after.since);
    stream.is_resumed_ = true;
    for (const auto& position : after.positions)
        stream.before_.push_back({position, giver == Giver::same});
    return stream;
}

bool EventStream::wants(const SeenEvent& seen) const {
    if (!pattern_.matches(seen.event->topic))
        return false;
    const auto before = std::ranges::find_if(
        before_, [&](const Before& one) { return one.position.is_of(seen.event->id); });
    if (before != before_.end())
        return seen.event->id.sequence > before->position.sequence;
    return !seen.is_backlog || (is_resumed_ && seen.event->time >= since_ - Backlog::tolerance);
}

bool EventStream::take(const SeenEvent& seen) {
    note_hole(seen);
    const bool is_wanted = wants(seen);
    positions_.note(seen.event->id);
    ++next_;
    return is_wanted;
}

/// Of a publisher the gateway is given all that it still holds, in order: when that begins behind
/// where the stream stood, what lies between is gone.
void EventStream::note_hole(const SeenEvent& seen) {
    for (auto& [position, is_met] : before_) {
        if (is_met || !position.is_of(seen.event->id))
            continue;
        is_met = true;
        const auto expected = position.sequence + 1;
        if (seen.event->id.sequence > expected)
            lose(seen.event->id.sequence - expected);
    }
}

} // namespace nodes
