#include "mesh/flow/receiving/ready_events.hpp"

#include <algorithm>

namespace mesh {

namespace {

constexpr auto is_later = [](const auto& a, const auto& b) { return a.is_after(b); };

} // namespace

std::int64_t ReadyEvents::rank(std::uint64_t arrival, std::int32_t priority) const {
    switch (order_) {
    case LaneOrder::lifo:
        return -static_cast<std::int64_t>(arrival);
    case LaneOrder::priority:
        return -std::int64_t{priority};
    case LaneOrder::fifo:
    case LaneOrder::by_key:
        break;
    }
    return 0;
}

void ReadyEvents::push(Slot slot, std::uint64_t arrival, std::int32_t priority) {
    const Entry entry{rank(arrival, priority), arrival, slot};
    if (sorted_.empty() || entry.is_after(sorted_.back())) {
        sorted_.push_back(entry);
        return;
    }
    heap_.push_back(entry);
    std::ranges::push_heap(heap_, is_later);
}

std::optional<Slot> ReadyEvents::pop() {
    if (sorted_.empty() && heap_.empty())
        return std::nullopt;
    if (heap_.empty() || (!sorted_.empty() && heap_.front().is_after(sorted_.front()))) {
        const auto slot = sorted_.front().slot;
        sorted_.pop_front();
        return slot;
    }
    std::ranges::pop_heap(heap_, is_later);
    const auto slot = heap_.back().slot;
    heap_.pop_back();
    return slot;
}

void ReadyEvents::clear() {
    sorted_.clear();
    heap_.clear();
}

} // namespace mesh
