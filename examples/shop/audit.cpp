// The audit service: sees every event of the shop, and says at its end whether the books balance.

#include "discovery/discovery.hpp"
#include "mesh/node.hpp"

#include <cstdint>
#include <iostream>
#include <map>
#include <string>

int main() {
    mesh::Node node{{.service = "audit", .realm = "shop"}};
    std::map<std::string, std::uint64_t> counts; // by topic; the handler's until `run` returns

    node.on(">", [&](const mesh::Event& event) { ++counts[std::string(event.topic)]; })
        .named("log")
        .emits({});
    discovery::Discovery discovery{node};
    node.run();

    const auto registered = counts["user.registered"];
    const auto ordered = counts["order.created"];
    std::cout << registered << " registrations, " << ordered << " orders: "
              << (registered == ordered ? "the books balance" : "THE BOOKS DO NOT BALANCE")
              << std::endl;
    return registered == ordered ? 0 : 1;
}
