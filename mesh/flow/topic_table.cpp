#include "mesh/flow/topic_table.hpp"

#include <algorithm>

namespace mesh {

namespace {

constexpr std::size_t topics_max = 65536;

} // namespace

std::optional<std::uint16_t> TopicTable::find(std::string_view name) const {
    // Asked for each event twice, and mostly for the topic of the one before.
    if (last_found_ < entries_.size() && entries_[last_found_].name == name)
        return last_found_;
    const auto found = numbers_.find(name);
    if (found == numbers_.end())
        return std::nullopt;
    last_found_ = found->second;
    return last_found_;
}

std::optional<TopicTable::Added>
TopicTable::add(std::string_view name, std::uint64_t held_first,
                const std::function<void(std::uint16_t, const TopicEntry&)>& retire) {
    if (entries_.size() < topics_max) {
        const auto number = static_cast<std::uint16_t>(entries_.size());
        entries_.push_back({std::string(name), 0, 0, 0, {}});
        numbers_.emplace(name, number);
        return Added{number, false};
    }
    const auto silent = std::ranges::min_element(entries_, {}, &TopicEntry::last_sequence);
    if (silent->last_sequence >= held_first)
        return std::nullopt;
    const auto number = static_cast<std::uint16_t>(silent - entries_.begin());
    retire(number, *silent);
    numbers_.erase(silent->name);
    *silent = {std::string(name), 0, 0, 0, {}};
    numbers_.emplace(name, number);
    return Added{number, true};
}

} // namespace mesh
