#pragma once

#include "mesh/event/delivery.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace mesh {

/// Names an event of a lane as long as it is there.
using Slot = std::uint32_t;

/// The events of a lane that may begin, in the order of the lane. Pure.
class ReadyEvents {
public:
    explicit ReadyEvents(LaneOrder order) : order_(order) {}

    /// `arrival` counts the events of the lane. One that was there before may come back.
    void push(Slot slot, std::uint64_t arrival, std::int32_t priority);

    /// The first one, which leaves.
    std::optional<Slot> pop();

    void clear();

private:
    struct Entry {
        std::int64_t rank; ///< the lowest goes first, then the one that arrived first
        std::uint64_t arrival;
        Slot slot;

        bool is_after(const Entry& other) const {
            return rank != other.rank ? rank > other.rank : arrival > other.arrival;
        }
    };

    std::int64_t rank(std::uint64_t arrival, std::int32_t priority) const;

    LaneOrder order_;
    std::deque<Entry> sorted_; ///< what came in order: the usual case costs no sorting
    std::vector<Entry> heap_;  ///< the rest
};

} // namespace mesh
