#pragma once

#include "mesh/event/pattern.hpp"
#include "mesh/node/node_options.hpp"
#include "tests/support/test_realm.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tests {

/// A place for the state of nodes that come back, gone with the test.
class Home {
public:
    Home() {
        auto name = (std::filesystem::temp_directory_path() / "dagmesh-test-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("no folder for the state of nodes");
        path_ = name;
    }

    Home(const Home&) = delete;
    Home& operator=(const Home&) = delete;

    ~Home() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    const std::string& path() const { return path_; }

    /// Of a node that lasts; events below `order` are durable, those below `once` of that level.
    mesh::NodeOptions options(const std::string& realm, const std::string& service,
                              std::vector<std::string> publishes = {}) const {
        auto made = TestNode::options(realm, service, std::move(publishes));
        made.is_passing = false;
        made.state_folder = path_;
        made.events = {{*mesh::Pattern::parse("order.>"), mesh::Level::durable, false},
                       {*mesh::Pattern::parse("once.>"), mesh::Level::once, false}};
        return made;
    }

private:
    std::string path_;
};

} // namespace tests
