// The coupon service: who did not get his order gets a coupon.

#include "discovery/discovery.hpp"
#include "examples/saga/order_data.hpp"
#include "mesh/node.hpp"

#include <iostream>

int main() {
    mesh::Node node{{.service = "coupon"}};
    node.on("order.cancelled",
            [](const mesh::Event& event, mesh::Emitter& emit, mesh::Store& coupons) {
                add_to(coupons, "issued", 1);
                say(emit, "coupon.issued", order_of(event));
            })
        .named("issue")
        .emits({"coupon.issued"});
    discovery::Discovery discovery{node};
    node.run();

    node.with_store([](mesh::Store& coupons) {
        std::cout << count_of(coupons, "issued") << " coupons issued" << std::endl;
    });
}
