// The order service: whoever registers gets a welcome order, exactly one.

#include "discovery/discovery.hpp"
#include "mesh/node.hpp"

#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>

namespace {

struct User {
    std::uint64_t user_id = 0;
    std::string name;
    std::string email;
    MSGPACK_DEFINE_MAP(user_id, name, email)
};

struct Order {
    std::uint64_t order_id = 0;
    std::uint64_t user_id = 0;
    std::string item;
    MSGPACK_DEFINE_MAP(order_id, user_id, item)
};

} // namespace

int main() {
    mesh::Node node{{.service = "order", .realm = "shop"}};
    std::set<std::uint64_t> served; // an event may come again after a break: one order all the same

    node.on("user.registered",
            [&](const mesh::Event& event, mesh::Emitter& emit) {
                const auto user = mesh::unpack<User>(event);
                if (!user)
                    throw std::runtime_error(user.error().detail);
                if (!served.insert(user->user_id).second)
                    return;
                const Order order{served.size(), user->user_id, "a welcome box for " + user->name};
                emit("order.created", mesh::pack(order), {.key = std::to_string(order.order_id)});
            })
        .named("create")
        .emits({"order.created"});
    discovery::Discovery discovery{node};
    node.run();
}
