#pragma once

#include "mesh/flow/event_log.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace mesh {

/// What a group shares: every event has one of 64 slots, and a slot has one owner at a time.
using KeySlot = std::uint8_t;

inline constexpr std::size_t key_slot_count = 64;

/// A set of slots, a bit each.
using SlotMask = std::uint64_t;

inline constexpr SlotMask all_slots = ~SlotMask{0};

constexpr SlotMask mask_of(KeySlot slot) {
    return SlotMask{1} << slot;
}

/// The slot of a key; the same for ever, as journals hold events for long.
KeySlot slot_of_key(std::string_view key);

/// The slot of an event without a key for which nobody chose one.
KeySlot slot_of_sequence(std::uint64_t sequence);

/// The slot of a stored event. One that was not told is read from the record.
KeySlot slot_of(const EventLog::Entry& entry);

/// Who owns a slot: a number of `members`, which are hashes of their names. By rendezvous: when a
/// member comes or goes, no slots move but its own. There must be a member.
std::size_t owner_of(KeySlot slot, std::span<const std::uint64_t> members);

/// The slots of one subscription. Those that it gave away are still its own up to where it did, and
/// those that it took on are its own from there on.
class HeldSlots {
public:
    HeldSlots() = default;

    explicit HeldSlots(SlotMask mask) : mask_(mask) {}

    /// Whether the event is one of its own.
    bool has(KeySlot slot, std::uint64_t sequence) const {
        return changes_.empty() ? (mask_ & mask_of(slot)) != 0 : had(slot, sequence);
    }

    /// Those of events to come.
    SlotMask mask() const { return mask_; }

    /// Whether every event is its own, whatever its slot.
    bool is_all() const { return mask_ == all_slots && changes_.empty(); }

    /// Whether slots changed hands at a place that it is not done with.
    bool is_changing() const { return !changes_.empty(); }

    /// Whether that is beyond this place.
    bool is_changing_after(std::uint64_t position) const;

    /// Gives the slots away, of which it has some: events after `position` are not its own.
    void give(SlotMask slots, std::uint64_t position);

    /// Takes slots on: events after `position` are its own.
    void take(SlotMask slots, std::uint64_t position);

    /// It is done with everything up to here.
    void settle(std::uint64_t position);

    /// The furthest change up to this place; 0: none.
    std::uint64_t last_change_to(std::uint64_t position) const;

    /// The slots that it gave away and still has events of.
    SlotMask given() const;

private:
    bool had(KeySlot slot, std::uint64_t sequence) const;

    struct Change {
        SlotMask slots;
        std::uint64_t position;
        bool is_given;
    };

    SlotMask mask_ = all_slots;
    std::vector<Change> changes_; ///< in the order in which they came
};

/// A choice among slots for an event without a key: where every subscription that would get it has
/// the most room.
class SlotChoice {
public:
    SlotChoice() { room_.fill(UINT64_MAX); }

    /// A subscription with these slots has room for so many events.
    void add(SlotMask slots, std::uint64_t room);

    /// The best slot; equally good ones take turns, which `turn` counts.
    KeySlot best(std::uint64_t turn) const;

private:
    std::array<std::uint64_t, key_slot_count> room_; ///< by slot, of whoever has the least
};

} // namespace mesh
