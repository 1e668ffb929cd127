#include "mesh/flow/streams/topic_table.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

constexpr std::size_t topics_max = 65536;
constexpr std::size_t places_min = 64;

} // namespace

std::uint32_t TopicTable::look_up(std::string_view name) const {
    // Mostly that of the event before.
    if (last_found_ < entries_.size() && is_same_text(entries_[last_found_].name, name))
        return last_found_ + 1U;
    const auto found = places_.empty() ? 0 : places_[place_of(name)];
    if (found != 0)
        last_found_ = static_cast<std::uint16_t>(found - 1);
    return found;
}

std::size_t TopicTable::place_of(std::string_view name) const {
    const auto mask = places_.size() - 1;
    auto place = quick_hash(name) & mask;
    while (places_[place] != 0 && !is_same_text(entries_[number_at(place)].name, name))
        place = (place + 1) & mask;
    return place;
}

void TopicTable::grow() {
    places_.assign(std::max(places_min, 2 * places_.size()), 0);
    for (std::size_t i = 0; i < entries_.size(); ++i)
        places_[place_of(entries_[i].name)] = static_cast<std::uint32_t>(i + 1);
}

/// Those behind it that would stand there or before, if they could, move up: whoever looks for one
/// ends at a free place.
void TopicTable::take_out(std::size_t place) {
    const auto mask = places_.size() - 1;
    for (auto next = (place + 1) & mask; places_[next] != 0; next = (next + 1) & mask) {
        const auto wanted = quick_hash(entries_[number_at(next)].name) & mask;
        if (((next - wanted) & mask) >= ((next - place) & mask))
            places_[std::exchange(place, next)] = places_[next];
    }
    places_[place] = 0;
}

std::optional<TopicTable::Added>
TopicTable::add(std::string_view name, std::uint64_t held_first,
                const std::function<void(std::uint16_t, const TopicEntry&)>& retire) {
    std::size_t number = entries_.size();
    const bool is_reused = number == topics_max;
    if (is_reused) {
        const auto silent = std::ranges::min_element(entries_, {}, &TopicEntry::last_sequence);
        if (silent->last_sequence >= held_first)
            return std::nullopt;
        number = static_cast<std::size_t>(silent - entries_.begin());
        retire(static_cast<std::uint16_t>(number), *silent);
        take_out(place_of(silent->name));
        *silent = {std::string(name), 0, 0, 0, {}};
    } else {
        if (places_.size() < 2 * (number + 1))
            grow();
        entries_.push_back({std::string(name), 0, 0, 0, {}});
    }
    places_[place_of(name)] = static_cast<std::uint32_t>(number + 1);
    return Added{static_cast<std::uint16_t>(number), is_reused};
}

} // namespace mesh
