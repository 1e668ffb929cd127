#include "nodes/cli/event_json.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <chrono>

using namespace std::chrono_literals;

namespace {

mesh::Event event_with(std::string_view content_type, std::string_view payload) {
    mesh::Event event;
    event.topic = "user.registered";
    for (std::size_t i = 0; i < event.id.source.bytes.size(); ++i)
        event.id.source.bytes[i] = static_cast<std::byte>(i);
    event.id.incarnation = 2;
    event.id.sequence = 7;
    event.service = "user";
    event.time = mesh::WallTime(1'782'907'200'000'123us);
    event.content_type = content_type;
    event.payload = mesh::bytes_of(payload);
    return event;
}

nlohmann::json parsed(const mesh::Event& event) {
    return nlohmann::json::parse(nodes::cloud_event(event, "shop"));
}

} // namespace

TEST_CASE("an event becomes one CloudEvents object, byte for byte") {
    auto event = event_with("", "\x81\xa7user_id\x01");
    event.key = "k1";
    mesh::Cause cause;
    cause.trace.fill(std::byte{0xab});
    event.cause = cause;
    CHECK(nodes::cloud_event(event, "shop") ==
          R"({"specversion":"1.0","id":"000102030405060708090a0b0c0d0e0f.2.7",)"
          R"("source":"/shop/user","type":"user.registered","time":"2026-07-01T12:00:00.000123Z",)"
          R"("datacontenttype":"application/json","data":{"user_id":1},"partitionkey":"k1",)"
          R"("sequence":"00000000000000000007",)"
          R"("traceparent":"00-abababababababababababababababab-25c0a1be42b7af64-00"})");
}

TEST_CASE("the payload decides what the data is") {
    CHECK(parsed(event_with("application/msgpack", "\x92\x01\x02"))["data"] ==
          nlohmann::json::parse("[1,2]"));

    const auto text = parsed(event_with("text/plain", "hello\n"));
    CHECK(text["data"] == "hello\n");
    CHECK(text["datacontenttype"] == "text/plain");

    const auto json = parsed(event_with("application/json; charset=utf-8", "{ \"a\" : 1 }"));
    CHECK(json["data"]["a"] == 1);
    CHECK(parsed(event_with("application/geo+json", "{}"))["data"] == nlohmann::json::object());

    const auto image = parsed(event_with("image/png", "foobar"));
    CHECK(image["data_base64"] == "Zm9vYmFy");
    CHECK(image["datacontenttype"] == "image/png");
    CHECK_FALSE(image.contains("data"));
}

TEST_CASE("a payload that is not what it says travels as bytes") {
    const auto msgpack = parsed(event_with("", "\xc1"));
    CHECK(msgpack["data_base64"] == "wQ==");
    CHECK(msgpack["datacontenttype"] == "application/msgpack");
    CHECK(parsed(event_with("application/json", "{"))["data_base64"] == "ew==");
    CHECK(parsed(event_with("application/json", "\"\xff\""))["data_base64"] == "Iv8i");
    CHECK(parsed(event_with("", "\xa1\xff"))["data_base64"] == "of8=");
}

TEST_CASE("bytes that are no text are shown so that each can be told") {
    // A backslash, an odd byte, two that begin a character, and one that is whole.
    const std::string bytes = "a\\x\xff\xe2\x82 \xe2\x82\xac";
    CHECK(nodes::data_text(event_with("text/plain", bytes)) == R"("a\\x\xff\xe2\x82 €")");
    const auto typed = nodes::payload_of_text(bytes);
    CHECK(typed.content_type == "application/octet-stream");
    CHECK(typed.bytes == bytes);
    CHECK(nodes::data_text(event_with(typed.content_type, bytes)) == R"("a\\x\xff\xe2\x82 €")");
}

TEST_CASE("an event without payload has no data, and without key no partition key") {
    const auto event = parsed(event_with("", ""));
    CHECK_FALSE(event.contains("data"));
    CHECK_FALSE(event.contains("data_base64"));
    CHECK_FALSE(event.contains("datacontenttype"));
    CHECK_FALSE(event.contains("partitionkey"));
}

TEST_CASE("broken UTF-8 anywhere still makes a JSON object") {
    auto event = event_with("text/plain", "a\xff");
    event.topic = "t\xff";
    event.key = "\xc3";
    event.service = "\x80";
    CHECK(parsed(event)["data_base64"] == "Yf8=");
    CHECK(parsed(event)["datacontenttype"] == "text/plain");
    CHECK(parsed(event)["type"] == "t\xef\xbf\xbd");
}

TEST_CASE("sequences sort as text") {
    auto early = event_with("", "");
    auto late = early;
    early.id.sequence = 9;
    late.id.sequence = 10;
    CHECK(parsed(early)["sequence"].get<std::string>() <
          parsed(late)["sequence"].get<std::string>());
}

TEST_CASE("an event reads as one line: time, topic, data, key") {
    auto event = event_with("", "\x81\xa7user_id\x01");
    CHECK(nodes::event_line(event) ==
          R"(2026-07-01T12:00:00.000123Z user.registered {"user_id":1})");
    event.key = "k1";
    CHECK_THAT(nodes::event_line(event), Catch::EndsWith(R"({"user_id":1} key="k1")"));
    CHECK(nodes::event_line(event_with("image/png", "foobar")) ==
          R"(2026-07-01T12:00:00.000123Z user.registered <6 bytes of "image/png">)");
    CHECK(nodes::event_line(event_with("", "")) == "2026-07-01T12:00:00.000123Z user.registered");
}

TEST_CASE("a line for people holds nothing that a terminal obeys") {
    // ESC, a newline, DEL, and CSI as U+009B.
    const auto line = nodes::event_line(event_with("text/plain", "\x1b[2J\n\x7f\xc2\x9b"
                                                                 "2J"));
    CHECK_THAT(line, Catch::EndsWith(R"("\u001b[2J\n\u007f\u009b2J")"));
}

TEST_CASE("typed data is JSON when it can be, else text") {
    const auto json = nodes::payload_of_text(R"({"b": 1, "a": "x"})");
    CHECK(json.content_type == "application/msgpack");
    CHECK(json.bytes == "\x82\xa1"
                        "b\x01\xa1"
                        "a\xa1x");
    const auto text = nodes::payload_of_text("hello world");
    CHECK(text.content_type == "text/plain");
    CHECK(text.bytes == "hello world");
    CHECK(nodes::payload_of_text(std::string(100'000, '[')).content_type == "text/plain");
}

TEST_CASE("times before 1970 and at midnight are told right") {
    CHECK(nodes::time_text(mesh::WallTime(0us)) == "1970-01-01T00:00:00.000000Z");
    CHECK(nodes::time_text(mesh::WallTime(-1us)) == "1969-12-31T23:59:59.999999Z");
}
