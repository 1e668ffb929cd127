#include "mesh/base/bytes.hpp"
#include "mesh/base/endpoint.hpp"
#include "mesh/base/hash.hpp"
#include "mesh/base/log.hpp"
#include "mesh/base/node_id.hpp"
#include "mesh/base/place.hpp"
#include "tests/support/catch.hpp"

#include <cstdio>
#include <set>
#include <string>
#include <unistd.h>

using namespace mesh;

TEST_CASE("hash64 is FNV-1a: the vectors of draft-eastlake-fnv") {
    CHECK(hash64("") == 0xcbf29ce484222325U);
    CHECK(hash64("a") == 0xaf63dc4c8601ec8cU);
    CHECK(hash64("foobar") == 0x85944171f73967e8U);
    CHECK(hash64("\xff") != hash64("\x7f"));
    static_assert(hash64("b") == 0xaf63df4c8601f1a5U);
}

TEST_CASE("endpoints read and print as HOST:PORT") {
    for (const auto* text : {"127.0.0.1:7001", "[::1]:7001", "some.host:0", "h:65535"}) {
        const auto endpoint = parse_endpoint(text);
        REQUIRE(endpoint);
        CHECK(to_string(*endpoint) == text);
    }
    CHECK(parse_endpoint("[fe80::1]:5")->host == "fe80::1");
    for (const auto* text : {"", ":", "h", "h:", ":5", "h:x", "h:65536", "h:-1", "h:+1", "h: 1",
                             "h:1x", "::1:5", "[]:5", "h:99999999999999999999"}) {
        CAPTURE(text);
        const auto endpoint = parse_endpoint(text);
        REQUIRE_FALSE(endpoint);
        CHECK(endpoint.error().code == ErrorCode::invalid);
    }
}

TEST_CASE("loopback is what nobody else can reach") {
    for (const auto* host : {"127.0.0.1", "127.255.255.255", "::1", "localhost"})
        CHECK(is_loopback(host));
    for (const auto* host : {"", "0.0.0.0", "128.0.0.1", "10.0.0.1", "::", "::2", "127.0.0.1.evil",
                             "localhost.evil", "127.1", "2130706433"})
        CHECK_FALSE(is_loopback(host));
}

TEST_CASE("a node id is 32 hexadecimal digits, and back") {
    const auto id = NodeId::random();
    CHECK(to_string(id).size() == 32);
    CHECK(parse_node_id(to_string(id)) == id);
    CHECK(short_text(id) == to_string(id).substr(0, 8));
    CHECK(to_string(NodeId{{std::byte{0xf0}}}) == "f0000000000000000000000000000000");
    const std::string good(32, 'a');
    for (const auto& bad : {std::string(), good.substr(1), good + "a", "g" + good.substr(1),
                            "A" + good.substr(1), " " + good.substr(1)}) {
        CAPTURE(bad);
        REQUIRE_FALSE(parse_node_id(bad));
        CHECK(parse_node_id(bad).error().code == ErrorCode::malformed);
    }
}

TEST_CASE("random ids differ, and so do their hashes") {
    std::set<NodeId> ids;
    std::set<std::size_t> hashes;
    for (int i = 0; i < 1'000; ++i) {
        ids.insert(NodeId::random());
        hashes.insert(std::hash<NodeId>{}(NodeId::random()));
    }
    CHECK(ids.size() == 1'000);
    CHECK(hashes.size() == 1'000);
}

TEST_CASE("a place prints as FILE:LINE:COLUMN, or the file alone") {
    CHECK(to_string(Place{"a.yaml", 3, 7}) == "a.yaml:3:7");
    CHECK(to_string(Place{"a.yaml", 0, 0}) == "a.yaml");
}

TEST_CASE("bytes and text are views of the same") {
    const std::string text("a\0b", 3);
    CHECK(text_of(bytes_of(text)) == text);
    CHECK(bytes_of(text).size() == 3);
    CHECK(text_of({}).empty());
}

TEST_CASE("a counted warning counts what it does not log") {
    set_log_level(LogLevel::off);
    CountedWarning warning("test");
    for (int i = 0; i < 1'234; ++i)
        warning("again");
    set_log_level(LogLevel::info);
    CHECK(warning.count() == 1'234);
}

TEST_CASE("a line of the log stays one line, whatever others say in it") {
    auto* const file = std::tmpfile();
    REQUIRE(file != nullptr);
    const int before = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    log(LogLevel::error, "handler h failed: é\n\x1b[31m\"x\"\t\xc2\x9b.");
    log_lines(LogLevel::error, "one\ntwo");
    dup2(before, STDERR_FILENO);
    close(before);
    std::rewind(file);
    std::string text(1000, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file));
    std::fclose(file);
    CHECK(text.find(R"(handler h failed: é\n\x1b[31m"x"\x09\x9b.)") != std::string::npos);
    CHECK(text.find("one\ntwo\n") != std::string::npos);
}
