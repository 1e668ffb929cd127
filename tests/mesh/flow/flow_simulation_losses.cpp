// FlowSimulation, the part that asks of each event that is lost whether it may be.

#include "tests/mesh/flow/flow_simulation.hpp"

#include <algorithm>

namespace flow_test {

void FlowSimulation::check_loss(const Subscriber& subscriber, const SimulatedHandler& handler,
                                std::uint64_t sequence) {
    const auto& event = published_[sequence - 1];
    const bool is_gone = sequence < publication_.log().first();
    const bool is_live = sequence > handler.live_after;
    if (event.is_fast) {
        happened_.lost_fast += is_gone ? 0 : 1;
        return;
    }
    switch (handler.policy) {
    case mesh::Policy::block:
        expect(is_gone, "a blocking subscription lost an event that is held");
        expect(handler.session_at.at(sequence - 1) != subscriber.session,
               "a blocking subscription lost an event that was published in its session");
        return;
    case mesh::Policy::spill:
        expect(is_gone, "a subscription that spills lost an event that is held");
        expect(disk_.is_bad() || handler.spills_from >= sequence,
               "a subscription that spills lost an event that it was owed");
        return;
    case mesh::Policy::drop_oldest:
        expect(is_gone || (is_live && handler.depth > 0 &&
                           handler.wanted.between(sequence, published_.size()) >= handler.depth),
               "an event is dropped although few enough wait behind it");
        happened_.lost_oldest += is_gone ? 0 : 1;
        return;
    case mesh::Policy::drop_newest:
        expect(is_gone || (is_live && handler.had_little_room.at(sequence - 1)),
               "an event is refused although there was room");
        happened_.lost_newest += is_gone ? 0 : 1;
        return;
    case mesh::Policy::latest:
        expect(is_gone || (is_live && has_newer_value(sequence)),
               "the newest value of a key is dropped");
        happened_.lost_older_values += is_gone ? 0 : 1;
        return;
    }
}

bool FlowSimulation::has_newer_value(std::uint64_t sequence) const {
    const auto& event = published_[sequence - 1];
    return std::any_of(published_.begin() + static_cast<std::ptrdiff_t>(sequence), published_.end(),
                       [&](const Published& other) {
                           return other.topic == event.topic && other.key == event.key;
                       });
}

} // namespace flow_test
