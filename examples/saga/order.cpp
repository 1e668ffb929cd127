// The order service: creates orders, and completes or cancels them. `cancel` undoes `create`.

#include "discovery/discovery.hpp"
#include "examples/saga/order_data.hpp"
#include "mesh/node.hpp"

#include <iostream>
#include <stdexcept>
#include <string>

namespace {

/// Moves an order from one state to the next; anything else is a fault in the saga.
void move(mesh::Store& orders, const OrderData& order, const std::string& from,
          const std::string& to) {
    const auto key = "order/" + std::to_string(order.order_id);
    const auto state = orders.get(key).value_or("none");
    if (state != from)
        throw std::runtime_error(key + " is " + state + ", expected " + from);
    orders.put(key, to);
    add_to(orders, to, 1);
}

} // namespace

int main() {
    mesh::Node node{{.service = "order"}};
    node.on("order.placed",
            [](const mesh::Event& event, mesh::Emitter& emit, mesh::Store& orders) {
                const auto order = order_of(event);
                move(orders, order, "none", "created");
                say(emit, "order.created", order);
            })
        .named("create")
        .emits({"order.created"});
    node.on("payment.settled",
            [](const mesh::Event& event, mesh::Emitter& emit, mesh::Store& orders) {
                const auto order = order_of(event);
                move(orders, order, "created", "completed");
                say(emit, "order.completed", order);
            })
        .named("complete")
        .emits({"order.completed"});
    node.on("stock.released",
            [](const mesh::Event& event, mesh::Emitter& emit, mesh::Store& orders) {
                const auto order = order_of(event);
                move(orders, order, "created", "cancelled");
                say(emit, "order.cancelled", order);
            })
        .named("cancel")
        .emits({"order.cancelled"});
    discovery::Discovery discovery{node};
    node.run();

    node.with_store([](mesh::Store& orders) {
        std::cout << count_of(orders, "created") << " orders created, "
                  << count_of(orders, "completed") << " completed, "
                  << count_of(orders, "cancelled") << " cancelled" << std::endl;
    });
}
