#include "nodes/script/seen_events.hpp"

#include <utility>

namespace nodes {

namespace {

std::size_t size_of(const SeenEvent& event) {
    return sizeof event + event.topic.size() + event.data.size() + event.line.size();
}

} // namespace

void SeenEvents::add(SeenEvent event) {
    size_bytes_ += size_of(event);
    events_.push_back(std::move(event));
    while (events_.size() > count_max_ || (size_bytes_ > size_bytes_max && events_.size() > 1)) {
        size_bytes_ -= size_of(events_.front());
        events_.pop_front();
        ++begin_;
    }
}

} // namespace nodes
