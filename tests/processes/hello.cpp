// Publishes an event and handles it: the whole of a program on the installed library.
#include "discovery/discovery.hpp"
#include "mesh/node.hpp"

#include <iostream>

int main() {
    mesh::Node node{{.service = "hello", .publishes = {"hello.said"}}};
    node.on("hello.>", [](const mesh::Event& event) { std::cout << event.topic << std::endl; })
        .emits({});
    discovery::Discovery discovery{node};
    node.start();
    const auto said = node.publish("hello.said", mesh::pack(std::string("world")));
    return said && node.wait_dry(std::chrono::seconds(5)) ? 0 : 1;
}
