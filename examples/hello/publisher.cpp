// Says hello, and goes. What it published before is not lost: a node that leaves waits until
// whoever listens has acknowledged it.

#include "discovery/discovery.hpp"
#include "examples/hello/hello_data.hpp"
#include "mesh/node.hpp"

#include <chrono>
#include <iostream>

int main() {
    constexpr int count = 10;
    mesh::Node node{{.service = "publisher", .publishes = {"hello.said"}}};
    const discovery::Discovery discovery{node};
    node.start();
    if (!node.wait_subscribers("hello.said", 1, std::chrono::seconds(10))) {
        std::cerr << "nobody listens\n";
        return 1;
    }
    for (int i = 1; i <= count; ++i)
        if (const auto said = node.publish("hello.said", mesh::pack(Hello{i})); !said) {
            std::cerr << said.error().detail << "\n";
            return 1;
        }
    const auto waiting = node.unacknowledged();
    node.stop(); // drains
    std::cout << count << " hellos said, " << (waiting.empty() ? "all" : "not all")
              << " of them acknowledged when it left off, all of them now" << std::endl;
}
