#include "nodes/gateway/request_frame.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"

#include <string>
#include <utility>
#include <vector>

using nodes::RequestFrame;

namespace {

std::string request(const std::string& headers, const std::string& body = "") {
    return "POST /events/a HTTP/1.1\r\nHost: localhost:8080\r\n" + headers + "\r\n" + body;
}

/// The status with which it is refused, or 0.
int refused(const std::string& bytes) {
    RequestFrame frame;
    const auto is_whole = frame.look(bytes);
    return is_whole ? 0 : is_whole.error().status;
}

} // namespace

TEST_CASE("a request ends behind the body that Content-Length says") {
    const auto first = request("Content-Length: 3\r\n", "abc");
    const auto both = first + "GET /health HTTP/1.1\r\n";
    RequestFrame frame;
    REQUIRE(frame.look(both) == true);
    CHECK(frame.size_bytes() == first.size());
    CHECK(frame.body(both) == "abc");
    CHECK(frame.head(both).ends_with("\r\n\r\n"));
}

TEST_CASE("a request without a length has no body") {
    const std::string bytes = "GET /health HTTP/1.0\r\n\r\n";
    RequestFrame frame;
    REQUIRE(frame.look(bytes) == true);
    CHECK(frame.size_bytes() == bytes.size());
    CHECK(frame.body(bytes).empty());
}

TEST_CASE("chunks are put together, whatever stands beside their sizes") {
    const auto bytes = request("Transfer-Encoding: Chunked\r\n",
                               "2\r\nab\r\nA;x=y\r\n0123456789\r\n0\r\n\r\nrest");
    RequestFrame frame;
    REQUIRE(frame.look(bytes) == true);
    CHECK(frame.size_bytes() == bytes.size() - 4);
    CHECK(frame.body(bytes) == "ab0123456789");
}

TEST_CASE("a request that comes byte by byte is whole with its last byte, and not before") {
    for (const auto& bytes : {request("Content-Length: 3\r\n", "abc"),
                              request("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n")}) {
        RequestFrame frame;
        for (std::size_t size = 1; size < bytes.size(); ++size)
            REQUIRE(frame.look(std::string_view(bytes).substr(0, size)) == false);
        REQUIRE(frame.look(bytes) == true);
        CHECK(frame.body(bytes) == "abc");
    }
}

TEST_CASE("who expects to be told to go on is told as soon as the head is there") {
    RequestFrame frame;
    REQUIRE(frame.look(request("Content-Length: 3\r\nExpect: 100-continue\r\n")) == false);
    CHECK(frame.awaits_continue());
    RequestFrame other;
    REQUIRE(other.look(request("Content-Length: 3\r\n")) == false);
    CHECK_FALSE(other.awaits_continue());
}

TEST_CASE("what could be read in two ways, or is too large, is refused with its status") {
    const std::vector<std::pair<std::string, int>> cases{
        {"hello\r\n\r\n", 400},
        {"GET /\r\n\r\n", 400},
        {"GET health HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n\r\n", 400}, // no Host
        {"GET / HTTP/1.1\nHost: a\n\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\rb: c\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400},
        {std::string("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 31), 400},
        {"\x16\x03\x01\x02", 400}, // TLS
        {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        {"GET /" + std::string(nodes::target_size_bytes_max, 'a') + " HTTP/1.1\r\n\r\n", 414},
        {"GET /" + std::string(3000, 'a'), 414},
        {request("Host: again\r\n"), 400},
        {request("no colon\r\n"), 400},
        {request(" folded: line\r\n"), 400},
        {request("name : value\r\n"), 400},
        {request("X: " + std::string(nodes::header_line_size_bytes_max, 'a') + "\r\n"), 431},
        {request("X: " + std::string(nodes::head_size_bytes_max, 'a')), 431},
        {request("Content-Length: 1\r\nContent-Length: 1\r\n", "a"), 400},
        {request("Content-Length: -1\r\n"), 400},
        {request("Content-Length: 1x\r\n"), 400},
        {request("Content-Length: \r\n"), 400},
        {request("Content-Length: 99999999999999999999\r\n"), 400},
        {request("Content-Length: 2097153\r\n"), 413},
        {request("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "a"), 400},
        {request("Transfer-Encoding: gzip, chunked\r\n"), 501},
        {request("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 501},
        {request("Content-Encoding: gzip\r\n"), 415},
        {request("Range: bytes=0-1\r\n"), 416},
        {request("Expect: miracles\r\n"), 417},
        {request("Transfer-Encoding: chunked\r\n", "zz\r\n"), 400},
        {request("Transfer-Encoding: chunked\r\n", "-1\r\n"), 400},
        {request("Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n"), 413},
        {request("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n"), 400},
        {request("Transfer-Encoding: chunked\r\n", "1\r\nabc"), 400},
        {request("Transfer-Encoding: chunked\r\n", "0\r\nTrailer: x\r\n\r\n"), 400},
        {request("Transfer-Encoding: chunked\r\n", std::string(300, '1')), 400},
    };
    for (const auto& [bytes, status] : cases) {
        INFO(bytes.substr(0, 200));
        CHECK(refused(bytes) == status);
    }
}

TEST_CASE("too many headers are refused") {
    std::string headers;
    for (std::size_t i = 0; i < nodes::header_count_max; ++i)
        headers += "a: b\r\n";
    CHECK(refused(request(headers)) == 431);
}

TEST_CASE("many chunks together are held to the bound of a body") {
    const auto chunk = "100000\r\n" + std::string(0x100000, 'a') + "\r\n";
    const auto head = request("Transfer-Encoding: chunked\r\n");
    CHECK(refused(head + chunk + chunk + "0\r\n\r\n") == 0);
    CHECK(refused(head + chunk + chunk + "1\r\n") == 413);
}

TEST_CASE("any bytes are whole, refused or waited for, and what is whole lies within them") {
    const std::uint64_t seed = 20'261'201;
    CAPTURE(seed);
    tests::with_noise(request("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"), seed,
                      2'000, [](const std::string& bytes) {
                          RequestFrame frame;
                          const auto is_whole = frame.look(bytes);
                          if (!is_whole || !*is_whole)
                              return;
                          REQUIRE(frame.size_bytes() <= bytes.size());
                          REQUIRE(frame.body(bytes).size() <= bytes.size());
                      });
}
