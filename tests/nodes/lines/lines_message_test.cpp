#include "nodes/cli/base64.hpp"
#include "nodes/cli/event_key.hpp"
#include "nodes/cli/json_convert.hpp"
#include "nodes/lines/lines_message.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"

#include <string>
#include <vector>

using nodes::LinesMessage;
using nodes::parse_lines_message;
using Kind = nodes::LinesMessage::Kind;

namespace {

std::string json_in(const LinesMessage& message) {
    return nodes::json_of_msgpack(mesh::bytes_of(message.payload.bytes)).value_or("");
}

std::string complaint(std::string_view line) {
    const auto message = parse_lines_message(line);
    REQUIRE_FALSE(message.has_value());
    CHECK(message.error().code == mesh::ErrorCode::malformed);
    return message.error().detail;
}

} // namespace

TEST_CASE("a program says what it emits, and when it is done or has failed") {
    const auto emitted = parse_lines_message(
        R"({"emit": "a.b", "data": {"z": 1, "a": [null, 1.5]}, "for": "id", "handler": "h", "key": "k"})");
    REQUIRE(emitted.has_value());
    CHECK(emitted->kind == Kind::emit);
    CHECK(emitted->topic == "a.b");
    CHECK(json_in(*emitted) == R"({"a":[null,1.5],"z":1})");
    CHECK(emitted->id == "id");
    CHECK(emitted->handler == "h");
    CHECK(emitted->key == "k");
    const auto published = parse_lines_message(R"({"publish": "c"})");
    REQUIRE(published.has_value());
    CHECK(published->kind == Kind::publish);
    CHECK(published->payload.bytes.empty());
    CHECK(parse_lines_message(R"({"done": true})")->id.empty());
    CHECK(parse_lines_message(R"({"done": "id"})")->id == "id");
    const auto failed = parse_lines_message(R"({"failed": "id", "error": "no"})");
    REQUIRE(failed.has_value());
    CHECK(failed->kind == Kind::failed);
    CHECK(failed->error == "no");
}

TEST_CASE("data may be text or bytes of any type") {
    const auto text =
        parse_lines_message(R"({"emit": "a", "data": "hi", "datacontenttype": "text/plain"})");
    REQUIRE(text.has_value());
    CHECK(text->payload.bytes == "hi");
    CHECK(text->payload.content_type == "text/plain");
    const auto bytes = parse_lines_message(R"({"emit": "a", "data_base64": "AP8="})");
    REQUIRE(bytes.has_value());
    CHECK(bytes->payload.bytes == std::string("\0\xff", 2));
    CHECK(bytes->payload.content_type == "application/octet-stream");
}

TEST_CASE("what cannot be understood is told") {
    for (const auto* line : {"", "x", "[]", "7", "{", "{\"done\": true", "null"})
        CHECK(complaint(line) == "expected an object of JSON");
    CHECK(complaint("{}") == "expected one of emit, publish, done and failed");
    CHECK(complaint(R"({"emit": "a", "done": true})") == "expected either emit or done");
    CHECK(complaint(R"({"emit": 7})") == "expected a topic as emit");
    CHECK(complaint(R"({"done": false})") == "expected an id, or true, as done");
    CHECK(complaint(R"({"failed": 1})") == "expected an id, or true, as failed");
    CHECK(complaint(R"({"emit": "a", "for": 1})") == "expected an id as for");
    CHECK(complaint(R"({"done": true, "handler": 1})") == "expected a name as handler");
    CHECK_THAT(complaint(R"({"emit": "a", "data_base64": "A"})"), Catch::Contains("data_base64"));
    const auto deep = std::string(100, '[') + std::string(100, ']');
    CHECK(complaint(R"({"emit": "a", "data": )" + deep + "}") == "expected an object of JSON");
    const std::string brackets(1'000'000, '[');
    CHECK(complaint(R"({"emit": "a", "data": )" + brackets) == "expected an object of JSON");
}

TEST_CASE("base64 comes back as the bytes that it was made of, and nothing else does") {
    tests::Random random(4'811);
    for (int turn = 0; turn < 500; ++turn) {
        const auto bytes = tests::random_bytes(random, random() % 40);
        CHECK(nodes::bytes_of_base64(nodes::base64_of(mesh::bytes_of(bytes))) == bytes);
    }
    for (const auto* text : {"A", "AA", "AAA", "A===", "====", "AB==", "AAB=", "A A=", "AA=A"})
        CHECK_FALSE(nodes::bytes_of_base64(text).has_value());
}

TEST_CASE("a key is what stands at its path in the data") {
    const auto entry = [](std::string_view pattern, std::string key) {
        return mesh::EventManifest{*mesh::Pattern::parse(pattern),
                                   mesh::Level::reliable,
                                   {},
                                   std::move(key),
                                   false,
                                   false,
                                   {},
                                   mesh::EventSource::manifest,
                                   {}};
    };
    const std::vector<mesh::EventManifest> events{entry("order.>", "id"),
                                                  entry("order.paid", "order.id")};
    const auto payload = [](std::string_view json) {
        return mesh::Payload{*nodes::msgpack_of_json(json)};
    };
    CHECK(nodes::key_in(events, "order.new", payload(R"({"id": "a"})")) == "a");
    CHECK(nodes::key_in(events, "order.new", payload(R"({"id": 7})")) == "7");
    CHECK(nodes::key_in(events, "order.paid", payload(R"({"id": 1, "order": {"id": 2}})")) == "2");
    CHECK(nodes::key_in(events, "order.paid", payload(R"({"order": []})")).empty());
    CHECK(nodes::key_in(events, "order.new", payload("[1]")).empty());
    CHECK(nodes::key_in(events, "other", payload(R"({"id": 1})")).empty());
}
