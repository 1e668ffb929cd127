#include "mesh/flow/key_slots.hpp"

#include "mesh/base/hash.hpp"
#include "mesh/wire/event_record.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace mesh {

namespace {

/// Spreads what differs in few bits. Source: the finalizer of SplitMix64 (Steele, Lea and Flood,
/// "Fast splittable pseudorandom number generators", 2014).
constexpr std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ value >> 30U) * 0xbf58476d1ce4e5b9U;
    value = (value ^ value >> 27U) * 0x94d049bb133111ebU;
    return value ^ value >> 31U;
}

constexpr KeySlot slot_of_hash(std::uint64_t hash) {
    return static_cast<KeySlot>(mixed(hash) % key_slot_count);
}

} // namespace

KeySlot slot_of_key(std::string_view key) {
    return slot_of_hash(hash64(key));
}

KeySlot slot_of_sequence(std::uint64_t sequence) {
    return slot_of_hash(sequence);
}

KeySlot slot_of(const EventLog::Entry& entry) {
    if (entry.slot != EventLog::no_slot)
        return entry.slot;
    if (const auto key = key_of(entry.record); !key.empty())
        return slot_of_key(key);
    return chosen_slot(entry.record).value_or(slot_of_sequence(entry.sequence));
}

std::size_t owner_of(KeySlot slot, std::span<const std::uint64_t> members) {
    assert(!members.empty());
    const auto weight = [&](std::uint64_t member) {
        return mixed(member + slot * 0x9e3779b97f4a7c15U);
    };
    return static_cast<std::size_t>(std::ranges::max_element(members, {}, weight) -
                                    members.begin());
}

void HeldSlots::give(SlotMask slots, std::uint64_t position) {
    slots &= mask_;
    mask_ &= ~slots;
    if (slots != 0)
        changes_.push_back({slots, position, true});
}

void HeldSlots::take(SlotMask slots, std::uint64_t position) {
    mask_ |= slots;
    changes_.push_back({slots, position, false});
}

void HeldSlots::settle(std::uint64_t position) {
    if (!changes_.empty())
        std::erase_if(changes_, [&](const Change& one) { return one.position <= position; });
}

bool HeldSlots::is_changing_after(std::uint64_t position) const {
    return std::ranges::any_of(changes_,
                               [&](const Change& one) { return one.position > position; });
}

std::uint64_t HeldSlots::last_change_to(std::uint64_t position) const {
    std::uint64_t last = 0;
    for (const auto& one : changes_)
        if (one.position <= position)
            last = std::max(last, one.position);
    return last;
}

SlotMask HeldSlots::given() const {
    SlotMask slots = 0;
    for (const auto& one : changes_)
        slots |= one.is_given ? one.slots : 0;
    return slots;
}

bool HeldSlots::had(KeySlot slot, std::uint64_t sequence) const {
    // The first change behind the event says how it was before.
    for (const auto& one : changes_)
        if (sequence <= one.position && (one.slots & mask_of(slot)) != 0)
            return one.is_given;
    return (mask_ & mask_of(slot)) != 0;
}

void SlotChoice::add(SlotMask slots, std::uint64_t room) {
    for (; slots != 0; slots &= slots - 1) {
        auto& least = room_[static_cast<std::size_t>(std::countr_zero(slots))];
        least = std::min(least, room);
    }
}

KeySlot SlotChoice::best(std::uint64_t turn) const {
    auto best = turn % key_slot_count;
    for (std::size_t i = 1; i < key_slot_count; ++i)
        if (const auto slot = (turn + i) % key_slot_count; room_[slot] > room_[best])
            best = slot;
    return static_cast<KeySlot>(best);
}

} // namespace mesh
