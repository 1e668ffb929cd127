// The payment service: charges the customer; what is above the limit of his card fails.

#include "discovery/discovery.hpp"
#include "examples/saga/order_data.hpp"
#include "mesh/node.hpp"

#include <iostream>
#include <string>

namespace {

constexpr std::uint64_t card_limit_cents = 100'00;

} // namespace

int main() {
    mesh::Node node{{.service = "payment"}};
    node.on("stock.reserved",
            [](const mesh::Event& event, mesh::Emitter& emit, mesh::Store& accounts) {
                const auto order = order_of(event);
                const bool is_covered = order.amount_cents <= card_limit_cents;
                add_to(accounts, is_covered ? "settled" : "failed", 1);
                if (is_covered)
                    add_to(accounts, "cents", order.amount_cents);
                say(emit, is_covered ? "payment.settled" : "payment.failed", order);
            })
        .named("charge")
        .emits({"payment.settled", "payment.failed"});
    discovery::Discovery discovery{node};
    node.run();

    node.with_store([](mesh::Store& accounts) {
        std::cout << count_of(accounts, "settled") << " payments of " << count_of(accounts, "cents")
                  << " cents, " << count_of(accounts, "failed") << " failed" << std::endl;
    });
}
