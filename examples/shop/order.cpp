// The order service: whoever registers gets a welcome order, exactly one, whatever dies meanwhile.

#include "discovery/discovery.hpp"
#include "mesh/node.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>

namespace {

struct User {
    std::uint64_t user_id = 0;
    std::string name;
    std::string email;
    MSGPACK_DEFINE_MAP(user_id, name, email)
};

struct Order {
    std::uint64_t order_id = 0;
    std::uint64_t user_id = 0;
    std::string item;
    MSGPACK_DEFINE_MAP(order_id, user_id, item)
};

/// Counts the orders: the number is kept together with the order, or neither is.
std::uint64_t next_order(mesh::Store& store) {
    const auto number = std::stoull(store.get("orders").value_or("0")) + 1;
    store.put("orders", std::to_string(number));
    return number;
}

} // namespace

int main() {
    mesh::Node node{{.service = "order"}};
    node.on("user.registered",
            [](const mesh::Event& event, mesh::Emitter& emit, mesh::Store& store) {
                const auto user = mesh::unpack<User>(event);
                if (!user)
                    throw std::runtime_error(user.error().detail);
                const Order order{next_order(store), user->user_id,
                                  "a welcome box for " + user->name};
                emit("order.created", mesh::pack(order), {.key = std::to_string(order.order_id)});
            })
        .named("create")
        .emits({"order.created"});
    discovery::Discovery discovery{node};
    node.run();
}
