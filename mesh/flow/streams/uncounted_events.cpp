#include "mesh/flow/streams/uncounted_events.hpp"

namespace mesh {

void UncountedEvents::begin(std::uint16_t topic, Volume room, bool is_fast) {
    if (place_of(topic) != 0 || (!topics_.empty() && is_fast != is_fast_))
        return;
    const Volume left{room.events - std::min(room.events, all_.events),
                      room.bytes - std::min(room.bytes, all_.bytes)};
    room_ = topics_.empty()
                ? left
                : Volume{std::min(room_.events, left.events), std::min(room_.bytes, left.bytes)};
    is_fast_ = is_fast;
    if (places_.size() <= topic)
        places_.resize(topic + std::size_t{1});
    topics_.push_back({topic, 0, {}});
    places_[topic] = static_cast<std::uint32_t>(topics_.size());
}

void UncountedEvents::settle() {
    for (const auto place : waiting_)
        topics_[place].volume = {};
    waiting_.clear();
    all_ = {};
}

void UncountedEvents::clear() {
    for (const auto& one : topics_)
        places_[one.number] = 0;
    topics_.clear();
    waiting_.clear();
    all_ = {};
    room_ = {};
}

} // namespace mesh
