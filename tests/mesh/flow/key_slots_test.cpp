#include "mesh/flow/key_slots.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <set>
#include <string>
#include <vector>

using namespace mesh;

TEST_CASE("a key has the same slot for ever") {
    // Journals outlive the program that wrote them.
    CHECK(int{slot_of_key("order-1")} == 19);
    CHECK(int{slot_of_key("order-2")} == 3);
    CHECK(int{slot_of_sequence(1)} == 37);
    CHECK(int{slot_of_sequence(2)} == 10);
}

TEST_CASE("keys and sequences use all slots, none of them much more than others") {
    std::array<int, key_slot_count> keys{};
    std::array<int, key_slot_count> sequences{};
    for (std::uint64_t i = 0; i < 64'000; ++i) {
        ++keys[slot_of_key("customer/" + std::to_string(i))];
        ++sequences[slot_of_sequence(i)];
    }
    for (std::size_t slot = 0; slot < key_slot_count; ++slot) {
        CHECK((keys[slot] > 800 && keys[slot] < 1'200));
        CHECK((sequences[slot] > 800 && sequences[slot] < 1'200));
    }
}

TEST_CASE("when a member comes, only slots that become its own move") {
    const std::vector<std::uint64_t> members{11, 22, 33, 44};
    const std::span three(members.data(), 3);
    std::size_t moved = 0;
    std::set<std::size_t> owners;
    for (KeySlot slot = 0; slot < key_slot_count; ++slot) {
        const auto before = owner_of(slot, three);
        const auto after = owner_of(slot, members);
        CHECK((after == before || after == 3));
        moved += after != before ? 1 : 0;
        owners.insert(before);
    }
    CHECK(owners.size() == 3);
    CHECK(moved > 6);
    CHECK(moved < 28);
}

TEST_CASE("slots that were given away are one's own up to where that was") {
    HeldSlots slots;
    CHECK(slots.is_all());
    slots.give(0xff, 100);
    CHECK_FALSE(slots.is_all());
    CHECK(slots.mask() == ~SlotMask{0xff});
    CHECK(slots.given() == 0xff);
    CHECK(slots.has(3, 100));
    CHECK_FALSE(slots.has(3, 101));
    CHECK(slots.has(8, 101));
    slots.settle(99);
    CHECK(slots.is_changing());
    slots.settle(100);
    CHECK_FALSE(slots.is_changing());
    CHECK_FALSE(slots.has(3, 100));
}

TEST_CASE("slots that were taken on are one's own from there, and everything may be again") {
    HeldSlots slots(~SlotMask{0xff});
    slots.take(0xff, 200);
    CHECK_FALSE(slots.is_all());
    CHECK_FALSE(slots.has(0, 200));
    CHECK(slots.has(0, 201));
    CHECK(slots.has(60, 1));
    slots.settle(200);
    CHECK(slots.is_all());
    CHECK(slots.has(0, 1));
}

TEST_CASE("an event without a key goes where everybody who gets it has most room") {
    SlotChoice choice;
    choice.add(0x0f, 5);
    choice.add(~SlotMask{0x0f}, 3);
    for (std::uint64_t turn = 0; turn < 100; ++turn)
        CHECK(choice.best(turn) < 4);
    // Another group has no room for the first three of those.
    choice.add(0x07, 0);
    CHECK(choice.best(17) == 3);
}

TEST_CASE("among slots of equal room events without a key take turns") {
    SlotChoice choice;
    choice.add(all_slots, 9);
    std::set<KeySlot> chosen;
    for (std::uint64_t turn = 0; turn < key_slot_count; ++turn)
        chosen.insert(choice.best(turn));
    CHECK(chosen.size() == key_slot_count);
}
