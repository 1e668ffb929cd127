#include "mesh/flow/streams/topic_table.hpp"

#include <algorithm>

namespace mesh {

namespace {

constexpr std::size_t topics_max = 65536;

} // namespace

std::optional<std::uint16_t> TopicTable::look_up(std::string_view name,
                                                 std::uint16_t& found) const {
    const auto known = numbers_.find(name);
    if (known == numbers_.end())
        return std::nullopt;
    return found = known->second;
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
