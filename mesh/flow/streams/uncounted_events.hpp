#pragma once

#include "mesh/flow/subscription.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mesh {

/// Events that are in the log and not yet in the accounts of those who want them. As long as
/// everybody who wants a topic has room, its events are counted by topic alone, so that one costs
/// the same however many want it; whoever needs the accounts settles them first, and whoever
/// changes them lets all topics begin again.
class UncountedEvents {
public:
    struct Topic {
        std::uint16_t number = 0;
        std::uint64_t first_sequence = 0; ///< of its first event that is not counted
        Volume volume;
    };

    /// Whether another event of the topic may wait to be counted: `begin` was called for it, and
    /// there is still room.
    bool has_room(std::uint16_t topic, std::size_t size_bytes, bool is_fast) const {
        return room_.events > 0 && size_bytes <= room_.bytes && is_fast == is_fast_ &&
               place_of(topic) != 0;
    }

    /// Counts an event for which there is room.
    void add(std::uint16_t topic, std::uint64_t sequence, std::size_t size_bytes) {
        const auto place = place_of(topic) - 1;
        auto& one = topics_[place];
        if (one.volume.events == 0) {
            one.first_sequence = sequence;
            waiting_.push_back(place);
        }
        const Volume event{1, size_bytes};
        one.volume = one.volume + event;
        all_ = all_ + event;
        room_ = room_ - event;
    }

    /// From now on events of the topic wait to be counted. `room`: how much of it may come on top
    /// of what is in the accounts, until somebody who wants it has no room. All are of one level:
    /// with events of the other kind that wait, it is left out.
    void begin(std::uint16_t topic, Volume room, bool is_fast);

    /// Calls back with each topic that has such events, the one with the earliest event first.
    template <class Call>
    void each(Call call) const {
        for (const auto place : waiting_)
            call(topics_[place]);
    }

    bool is_fast() const { return is_fast_; }

    /// Another event came that is in the accounts: it takes room from those who want it.
    void take_room(std::size_t size_bytes) {
        room_ = {room_.events - std::min<std::uint64_t>(room_.events, 1),
                 room_.bytes - std::min<std::uint64_t>(room_.bytes, size_bytes)};
    }

    bool has_begun(std::uint16_t topic) const { return place_of(topic) != 0; }

    /// They are counted now; those that come may wait as before.
    void settle();

    /// Nothing is known of the room any more: topics have to begin again.
    void clear();

private:
    /// One more than where the topic stands; 0: nowhere.
    std::uint32_t place_of(std::uint16_t topic) const {
        return topic < places_.size() ? places_[topic] : 0;
    }

    std::vector<Topic> topics_;
    std::vector<std::uint32_t> places_;  ///< by topic number
    std::vector<std::uint32_t> waiting_; ///< places in topics_ of those that have such events
    Volume all_;                         ///< of all topics
    Volume room_; ///< for what comes, of the topic that has the least: others may want both
    bool is_fast_ = false;
};

} // namespace mesh
