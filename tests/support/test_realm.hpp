#pragma once

#include "discovery/discovery.hpp"
#include "mesh/node.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace tests {

/// A realm that nobody else is in.
inline std::string fresh_realm() {
    static std::atomic<int> count{0};
    return "test-" + std::to_string(getpid()) + "-" + std::to_string(++count);
}

/// A node with discovery on loopback, stopped when it goes.
class TestNode {
public:
    TestNode(const std::string& realm, const std::string& service,
             std::vector<std::string> publishes = {})
        : TestNode(options(realm, service, std::move(publishes))) {}

    explicit TestNode(mesh::NodeOptions options) : node_(std::move(options)), discovery_(node_) {}

    static mesh::NodeOptions options(const std::string& realm, const std::string& service,
                                     std::vector<std::string> publishes = {}) {
        mesh::NodeOptions options;
        options.realm = realm;
        options.service = service;
        options.publishes = std::move(publishes);
        options.is_passing = true;
        options.uses_environment = false;
        return options;
    }

    mesh::Node* operator->() { return &node_; }

    mesh::Node& operator*() { return node_; }

    /// Starts it and waits until it is ready.
    bool start() {
        node_.start();
        return node_.wait_ready(std::chrono::seconds(20));
    }

private:
    mesh::Node node_;
    discovery::Discovery discovery_;
};

} // namespace tests
