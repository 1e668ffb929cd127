// The user service: users change, and it says so.

#include "discovery/discovery.hpp"
#include "examples/bus/bus_data.hpp"
#include "mesh/node.hpp"

#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>

int main() {
    constexpr std::uint64_t count = 100;
    mesh::Node node{{.service = "user", .publishes = {"user.updated"}}};
    const discovery::Discovery discovery{node};
    node.start();
    node.wait_subscribers("user.updated", 1, std::chrono::seconds(10));
    for (std::uint64_t user = 1; user <= count; ++user)
        // Returns when the handlers of all who listen have finished with it.
        if (const auto done =
                node.publish_and_wait("user.updated", mesh::pack(User{user}),
                                      std::chrono::seconds(5), {.key = std::to_string(user)});
            !done) {
            std::cerr << done.error().detail << "\n";
            return 1;
        }
    std::cout << count << " users updated" << std::endl;
}
