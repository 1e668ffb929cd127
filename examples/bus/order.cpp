// The order service: brings the orders of a user who changed up to date, and publishes that from
// within its handler, to a handler of its own among others. With room for a single event: where a
// bus calls its subscribers under its lock, or waits for them with its only thread, this stands
// still.

#include "discovery/discovery.hpp"
#include "examples/bus/bus_data.hpp"
#include "mesh/node.hpp"

#include <cstdint>
#include <stdexcept>

int main() {
    mesh::Node node{{.service = "order"}};
    std::uint64_t revisions = 0;
    node.on("user.updated",
            [&node](const mesh::Event& event) {
                const auto user = mesh::unpack<User>(event);
                if (!user)
                    throw std::runtime_error(user.error().detail);
                const auto said = node.publish("order.revised", mesh::pack(*user));
                if (!said)
                    throw std::runtime_error(said.error().detail);
            })
        .named("revise")
        .emits({"order.revised"})
        .credit(1);
    node.on("order.revised",
            [&revisions](const mesh::Event&, mesh::Emitter& emit) {
                emit("order.counted", mesh::pack(Revisions{++revisions}));
            })
        .named("count")
        .emits({"order.counted"})
        .credit(1);
    const discovery::Discovery discovery{node};
    node.run();
}
