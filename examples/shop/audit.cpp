// The audit service: sees every event of the shop, and says at its end whether the books balance.
// Its books are kept in its store: when it is killed they stay open, and the next run goes on.

#include "discovery/discovery.hpp"
#include "mesh/node.hpp"

#include <cstdint>
#include <iostream>
#include <string>

namespace {

std::uint64_t count_of(mesh::Store& books, const std::string& topic) {
    return std::stoull(books.get(topic).value_or("0"));
}

/// Says what the books hold, and begins new ones. False when they do not balance.
bool close_books(mesh::Store& books) {
    const auto registered = count_of(books, "user.registered");
    const auto ordered = count_of(books, "order.created");
    std::cout << registered << " registrations, " << ordered << " orders: "
              << (registered == ordered ? "the books balance" : "THE BOOKS DO NOT BALANCE")
              << std::endl;
    books.erase("user.registered");
    books.erase("order.created");
    return registered == ordered;
}

} // namespace

int main() {
    mesh::Node node{{.service = "audit"}};
    node.on(">",
            [](const mesh::Event& event, mesh::Emitter&, mesh::Store& books) {
                const std::string topic(event.topic);
                books.put(topic, std::to_string(count_of(books, topic) + 1));
            })
        .named("log")
        .emits({});
    discovery::Discovery discovery{node};
    node.run();

    bool is_balanced = false;
    node.with_store([&](mesh::Store& books) { is_balanced = close_books(books); });
    return is_balanced ? 0 : 1;
}
