#include "mesh/flow/streams/key_index.hpp"

#include <algorithm>
#include <bit>

namespace mesh {

namespace {

constexpr std::size_t slots_min = 64;

} // namespace

void KeyIndex::make_room(std::uint64_t first) {
    // At most three quarters full, so that a search soon meets an empty slot.
    if (4 * (used_count_ + 1) <= 3 * slots_.size())
        return;
    const auto old = std::exchange(slots_, {});
    const auto is_held = [&](const Slot& slot) {
        return slot.sequence != 0 && slot.sequence >= first;
    };
    used_count_ = static_cast<std::size_t>(std::ranges::count_if(old, is_held));
    slots_.resize(std::bit_ceil(std::max(slots_min, 2 * (used_count_ + 1))));
    const auto mask = slots_.size() - 1;
    for (const auto& slot : old) {
        if (!is_held(slot))
            continue;
        auto i = slot.hash & mask;
        while (slots_[i].sequence != 0)
            i = (i + 1) & mask;
        slots_[i] = slot;
    }
}

} // namespace mesh
