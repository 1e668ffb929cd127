#include "mesh/flow/streams/last_events.hpp"

#include "mesh/wire/event_record.hpp"

#include <utility>

namespace mesh {

namespace {

// What a choice takes beside its key: nodes of the maps, with GCC 12 on 64 bits.
constexpr std::size_t choice_size_bytes = 160;

std::string topic_and_key(const EventLog::Entry& entry) {
    std::string name;
    name.push_back(static_cast<char>(entry.topic & 0xff));
    name.push_back(static_cast<char>(entry.topic >> 8));
    return name.append(key_of(entry.record));
}

std::size_t size_of(const std::string* key) {
    return choice_size_bytes + (key == nullptr ? 0 : key->size());
}

} // namespace

void LastEvents::see(const EventLog::Entry& entry) {
    if (!per_topic_) {
        const auto [place, is_new] = by_key_.try_emplace(topic_and_key(entry), entry.sequence);
        if (!is_new)
            drop(std::exchange(place->second, entry.sequence));
        choose(entry.sequence, {entry.topic, &place->first});
    } else if (*per_topic_ > 0) {
        if (by_topic_.size() <= entry.topic)
            by_topic_.resize(entry.topic + std::size_t{1});
        auto& of_topic = by_topic_[entry.topic];
        of_topic.push_back(entry.sequence);
        choose(entry.sequence, {entry.topic, nullptr});
        if (of_topic.size() > *per_topic_) {
            drop(of_topic.front());
            of_topic.pop_front();
        }
    }
    keep_bound();
}

void LastEvents::choose(std::uint64_t sequence, Chosen chosen) {
    size_bytes_ += size_of(chosen.key);
    chosen_.emplace(sequence, chosen);
}

void LastEvents::drop(std::uint64_t sequence) {
    const auto found = chosen_.find(sequence);
    size_bytes_ -= size_of(found->second.key);
    chosen_.erase(found);
}

void LastEvents::keep_bound() {
    while (size_bytes_ > size_bytes_max_ && chosen_.size() > 1) {
        const auto [sequence, oldest] = *chosen_.begin();
        drop(sequence);
        ++given_up_count_;
        if (oldest.key != nullptr)
            by_key_.erase(by_key_.find(*oldest.key));
        else
            by_topic_[oldest.topic].pop_front();
    }
}

std::vector<std::uint64_t> LastEvents::sequences() const {
    std::vector<std::uint64_t> all;
    all.reserve(chosen_.size());
    for (const auto& [sequence, chosen] : chosen_)
        all.push_back(sequence);
    return all;
}

} // namespace mesh
