#pragma once

#include "mesh/node.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>

/// What every event of the saga carries.
struct OrderData {
    std::uint64_t order_id = 0;
    std::uint64_t user_id = 0;
    std::uint64_t amount_cents = 0;
    MSGPACK_DEFINE_MAP(order_id, user_id, amount_cents)
};

/// Throws for something else: the event becomes a dead letter.
inline OrderData order_of(const mesh::Event& event) {
    auto order = mesh::unpack<OrderData>(event);
    if (!order)
        throw std::runtime_error(order.error().detail);
    return *order;
}

/// Says the order on, as the next event of the saga.
inline void say(mesh::Emitter& emit, std::string_view topic, const OrderData& order) {
    emit(topic, mesh::pack(order), {.key = std::to_string(order.order_id)});
}

inline std::uint64_t count_of(const mesh::Store& store, std::string_view name) {
    return std::stoull(store.get(name).value_or("0"));
}

inline void add_to(mesh::Store& store, std::string_view name, std::uint64_t more) {
    store.put(name, std::to_string(count_of(store, name) + more));
}
