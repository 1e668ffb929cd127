// The stock service: reserves an item for each order. `release` undoes `reserve`.

#include "discovery/discovery.hpp"
#include "examples/saga/order_data.hpp"
#include "mesh/node.hpp"

#include <iostream>

int main() {
    mesh::Node node{{.service = "stock"}};
    node.on("order.created",
            [](const mesh::Event& event, mesh::Emitter& emit, mesh::Store& stock) {
                add_to(stock, "reserved", 1);
                say(emit, "stock.reserved", order_of(event));
            })
        .named("reserve")
        .emits({"stock.reserved"});
    node.on("payment.failed",
            [](const mesh::Event& event, mesh::Emitter& emit, mesh::Store& stock) {
                add_to(stock, "released", 1);
                say(emit, "stock.released", order_of(event));
            })
        .named("release")
        .emits({"stock.released"});
    discovery::Discovery discovery{node};
    node.run();

    node.with_store([](mesh::Store& stock) {
        std::cout << count_of(stock, "reserved") << " items reserved, "
                  << count_of(stock, "released") << " released" << std::endl;
    });
}
