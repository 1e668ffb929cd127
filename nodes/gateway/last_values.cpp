#include "nodes/gateway/last_values.hpp"

namespace nodes {

std::size_t LastValues::size_of(const Name& name, const mesh::OwnedEvent& event) {
    constexpr std::size_t overhead_bytes = 256;
    return overhead_bytes + name.first.size() + name.second.value_or("").size() +
           event->payload.size() + event->headers.size();
}

void LastValues::note(const mesh::OwnedEvent& event) {
    const std::lock_guard lock(mutex_);
    keep({std::string(event->topic), std::nullopt}, event);
    if (!event->key.empty())
        keep({std::string(event->topic), std::string(event->key)}, event);
}

void LastValues::keep(Name name, const mesh::OwnedEvent& event) {
    if (const auto found = values_.find(name); found != values_.end()) {
        auto& value = found->second;
        if (value.event->id.source != event->id.source && event->time < value.event->time)
            return;
        bytes_ -= size_of(name, value.event);
        value.event = event;
        ages_.splice(ages_.end(), ages_, value.age);
    } else {
        const auto age = ages_.insert(ages_.end(), name);
        values_.emplace(name, Value{event, age});
    }
    bytes_ += size_of(name, event);
    while (values_.size() > 1 && (values_.size() > bounds_.values || bytes_ > bounds_.bytes)) {
        const auto oldest = values_.find(ages_.front());
        bytes_ -= size_of(oldest->first, oldest->second.event);
        values_.erase(oldest);
        ages_.pop_front();
    }
}

std::optional<mesh::OwnedEvent> LastValues::find(const std::string& topic,
                                                 const std::optional<std::string>& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = values_.find({topic, key});
    return found == values_.end() ? std::nullopt : std::optional(found->second.event);
}

} // namespace nodes
