// The user service: publishes what happened to users, one JSON line of a file after the other.

#include "discovery/discovery.hpp"
#include "mesh/node.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>
#include <string>

namespace {

mesh::Payload payload_of(const nlohmann::json& data) {
    std::string bytes;
    nlohmann::json::to_msgpack(data, bytes);
    return {bytes, std::string(mesh::default_content_type)};
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: shop-user FILE.jsonl\n";
        return 2;
    }
    std::ifstream file(argv[1]);
    if (!file) {
        std::cerr << "shop-user: cannot read " << argv[1] << "\n";
        return 2;
    }
    mesh::Node node{
        {.service = "user", .realm = "shop", .publishes = {"user.registered", "user.updated"}}};
    discovery::Discovery discovery{node};
    node.start();
    node.wait_ready(std::chrono::seconds(30));

    std::uint64_t count = 0;
    std::string line;
    while (std::getline(file, line)) {
        const auto change = nlohmann::json::parse(line);
        const auto& user = change.at("data");
        const auto published =
            node.publish(change.at("event").get<std::string>(), payload_of(user),
                         {.key = std::to_string(user.at("user_id").get<std::uint64_t>())});
        if (!published) {
            std::cerr << "shop-user: " << published.error().detail << "\n";
            return 1;
        }
        ++count;
    }
    const bool is_acknowledged = node.wait_dry(std::chrono::seconds(30));
    std::cout << count << " changes published"
              << (is_acknowledged ? ", all handled" : ", not all handled") << std::endl;
    return is_acknowledged ? 0 : 1;
}
