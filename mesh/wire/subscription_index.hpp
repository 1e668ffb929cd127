#pragma once

#include <cstddef>
#include <cstdint>

namespace mesh {

/// Names a subscription on a link: the lowest 12 bits are the handler in the subscriber's contract,
/// the next 7 the seat. A subscription that has all of its handler's events sits on seat 0, and its
/// index is the handler's. Those that have some key slots of a group sit wherever it is free; the
/// remaining bits, the turn, tell those apart that sit on one seat one after the other.
using SubscriptionIndex = std::uint32_t;

/// Handlers of one contract.
inline constexpr std::size_t handlers_max = 4096;

inline constexpr std::uint32_t seats_max = 128;
inline constexpr std::uint32_t turns_max = 8192;

constexpr SubscriptionIndex subscription_index(std::uint32_t handler, std::uint32_t seat,
                                               std::uint32_t turn) {
    return handler | (seat % seats_max) << 12U | (turn % turns_max) << 19U;
}

constexpr std::uint16_t handler_of(SubscriptionIndex index) {
    return static_cast<std::uint16_t>(index & 0xfffU);
}

constexpr std::uint32_t seat_of(SubscriptionIndex index) {
    return index >> 12U & 0x7fU;
}

/// The handler and the seat, without the turn.
constexpr std::uint32_t place_of(SubscriptionIndex index) {
    return index & 0x7ffffU;
}

} // namespace mesh
