#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/test_realm.hpp"

#include <fmt/format.h>

#include <atomic>
#include <fstream>
#include <string>

namespace {

/// Whether a TCP connection of this machine is open at that port of 127.0.0.1.
bool has_tcp_connection(std::uint16_t port) {
    const auto wanted = fmt::format(" 0100007F:{:04X} ", port);
    std::ifstream table("/proc/net/tcp");
    for (std::string line; std::getline(table, line);)
        if (const auto at = line.find(wanted); at != std::string::npos && at < 10)
            if (line.substr(at + wanted.size()).find(" 01 ") == 13) // established
                return true;
    return false;
}

/// Sends one event from node to node, and tells whether it came over TCP.
bool arrives_over_tcp(bool is_tcp_only) {
    const auto realm = tests::fresh_realm();
    auto options = tests::TestNode::options(realm, "subscriber");
    options.is_tcp_only = is_tcp_only;
    tests::TestNode subscriber(options);
    std::atomic<int> handled{0};
    subscriber->on("a", [&](const mesh::Event&) { ++handled; }).emits({});
    tests::TestNode publisher(realm, "publisher", {"a"});
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->publish("a", mesh::Payload::text("1")));
    REQUIRE(tests::eventually([&] { return handled == 1; }));
    return has_tcp_connection(subscriber->identity().inbox_port);
}

} // namespace

TEST_CASE("events of the same machine come over a UNIX socket") {
    CHECK_FALSE(arrives_over_tcp(false));
}

TEST_CASE("events of the same machine come over TCP to a node that takes nothing else") {
    CHECK(arrives_over_tcp(true));
}
