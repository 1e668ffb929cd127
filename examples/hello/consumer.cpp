// Takes hellos, slowly. An event is acknowledged when its handler has returned, not before.

#include "discovery/discovery.hpp"
#include "examples/hello/hello_data.hpp"
#include "mesh/node.hpp"

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <thread>

int main() {
    mesh::Node node{{.service = "consumer"}};
    node.on("hello.said",
            [](const mesh::Event& event, mesh::Emitter& emit) {
                const auto hello = mesh::unpack<Hello>(event);
                if (!hello)
                    throw std::runtime_error(hello.error().detail);
                std::this_thread::sleep_for(std::chrono::milliseconds(50)); // its work
                emit("hello.heard", mesh::pack(*hello));
                std::cout << "hello " << hello->number << std::endl;
            })
        .named("hear")
        .emits({"hello.heard"});
    const discovery::Discovery discovery{node};
    node.run(); // until SIGINT or SIGTERM; then it drains
}
