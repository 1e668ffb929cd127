// The user service: publishes what happened to users, one JSON line of a file after the other.

#include "discovery/discovery.hpp"
#include "mesh/node.hpp"

#include <nlohmann/json.hpp>

#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

mesh::Payload payload_of(const nlohmann::json& data) {
    std::string bytes;
    nlohmann::json::to_msgpack(data, bytes);
    return {bytes, std::string(mesh::default_content_type)};
}

void publish(mesh::Node& node, const nlohmann::json& change) {
    const auto& user = change.at("data");
    const auto key = std::to_string(user.at("user_id").get<std::uint64_t>());
    const auto published =
        node.publish(change.at("event").get<std::string>(), payload_of(user), {.key = key});
    if (!published)
        throw std::runtime_error(published.error().detail);
}

/// Publishes all, and waits until every change is handled.
void run(const char* path) {
    std::ifstream file(path);
    if (!file)
        throw std::runtime_error(std::string("cannot read ") + path);
    mesh::Node node{{.service = "user", .publishes = {"user.registered", "user.updated"}}};
    const discovery::Discovery discovery{node};
    node.start();
    node.wait_ready(std::chrono::seconds(30));

    std::uint64_t count = 0;
    for (std::string line; std::getline(file, line); ++count)
        publish(node, nlohmann::json::parse(line));
    // Who was killed meanwhile is waited for too: it will be started again.
    if (!node.wait_dry(std::chrono::seconds(30), mesh::Whom::known))
        throw std::runtime_error("not all changes were handled in time");
    std::cout << count << " changes published, all handled" << std::endl;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: shop-user FILE.jsonl\n";
        return 2;
    }
    try {
        run(argv[1]);
    } catch (const std::exception& error) {
        std::cerr << "shop-user: " << error.what() << "\n";
        return 1;
    }
}
