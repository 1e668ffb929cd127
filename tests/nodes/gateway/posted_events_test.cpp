#include "nodes/cli/json_convert.hpp"
#include "nodes/gateway/http_limits.hpp"
#include "nodes/gateway/posted_events.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"

#include <string>
#include <utility>
#include <vector>

using nodes::HttpRequest;
using nodes::read_posted;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

HttpRequest post(std::string body, const std::string& type, Headers headers = {}) {
    if (!type.empty())
        headers.emplace_back("Content-Type", type);
    return {"POST", "/events/a.b", std::move(body), std::move(headers)};
}

const Headers binary_headers{{"CE-SpecVersion", "1.0"}, {"ce-id", "7"},
                             {"ce-source", "/shop"},    {"ce-type", "a.b"},
                             {"ce-partitionkey", "k"},  {"ce-subject", "s"}};

std::string structured(const std::string& more) {
    return R"({"specversion":"1.0","id":"7","source":"/shop","type":"a.b")" + more + "}";
}

std::string json_of(const mesh::Payload& payload) {
    return nodes::json_of_msgpack(mesh::bytes_of(payload.bytes)).value_or("no msgpack");
}

int refused(const HttpRequest& request, std::string_view topic = "a.b") {
    const auto posted = read_posted(request, topic);
    return posted ? 0 : posted.error().status;
}

constexpr auto event_type = "application/cloudevents+json; charset=utf-8";
constexpr auto batch_type = "application/cloudevents-batch+json";

} // namespace

TEST_CASE("what is no CloudEvent is data in JSON, whatever its content type says") {
    for (const std::string type : {"", "application/json", "application/x-www-form-urlencoded",
                                   "text/plain", "multipart/form-data; boundary=x"}) {
        const auto posted = read_posted(post(R"({"user_id":7})", type), "a.b");
        REQUIRE(posted.has_value());
        REQUIRE(posted->events.size() == 1);
        CHECK_FALSE(posted->is_batch);
        const auto& event = posted->events.front();
        CHECK(event.topic == "a.b");
        CHECK(json_of(event.payload) == R"({"user_id":7})");
        CHECK(event.options.key.empty());
        CHECK(event.options.headers.empty());
    }
    CHECK(refused(post("user_id=7", "application/x-www-form-urlencoded")) == 400);
    CHECK(refused(post("{", "application/json")) == 400);
    CHECK(refused(post("{}", ""), "") == 400); // nobody says the topic
}

TEST_CASE("without a body an event has no data") {
    CHECK(read_posted(post("", ""), "a.b")->events.front().payload.bytes.empty());
    CHECK(read_posted(post("", "image/png", binary_headers), "a.b")
              ->events.front()
              .payload.bytes.empty());
}

TEST_CASE("a binary event has its attributes in headers and its data as they are") {
    const auto posted = read_posted(post("\x89PNG", "image/png", binary_headers), "a.b");
    REQUIRE(posted.has_value());
    const auto& event = posted->events.front();
    CHECK(event.payload.bytes == "\x89PNG");
    CHECK(event.payload.content_type == "image/png");
    CHECK(event.options.key == "k");
    CHECK(event.options.headers ==
          Headers{{"ce-id", "7"}, {"ce-source", "/shop"}, {"ce-subject", "s"}});
    const auto json = read_posted(post("[1]", "application/json", binary_headers), "a.b");
    CHECK(json_of(json->events.front().payload) == "[1]");
    CHECK(refused(post("[", "application/json", binary_headers)) == 400);
    CHECK(refused(post("", "", {{"ce-id", "7"}})) == 400);
}

TEST_CASE("a structured event is an object") {
    const auto posted = read_posted(
        post(structured(R"(,"data":{"a":1},"partitionkey":"k","n":3,"ok":true,"no":null)"),
             event_type),
        "a.b");
    REQUIRE(posted.has_value());
    const auto& event = posted->events.front();
    CHECK(json_of(event.payload) == R"({"a":1})");
    CHECK(event.options.key == "k");
    CHECK(event.options.headers ==
          Headers{{"ce-id", "7"}, {"ce-n", "3"}, {"ce-ok", "true"}, {"ce-source", "/shop"}});
    const auto bytes = read_posted(
        post(structured(R"(,"datacontenttype":"image/png","data_base64":"iVBORw==")"), event_type),
        "a.b");
    CHECK(bytes->events.front().payload.bytes == "\x89PNG");
    CHECK(bytes->events.front().payload.content_type == "image/png");
}

TEST_CASE("the path names the topic; without one the type does") {
    const auto request = post(structured(""), event_type);
    CHECK(read_posted(request, "")->events.front().topic == "a.b");
    const auto other = read_posted(request, "c")->events.front();
    CHECK(other.topic == "c");
    CHECK(other.options.headers ==
          Headers{{"ce-id", "7"}, {"ce-source", "/shop"}, {"ce-type", "a.b"}});
}

TEST_CASE("a batch is several events, none of which is taken when one is wrong") {
    const auto posted = read_posted(
        post("[" + structured(R"(,"data":1)") + "," + structured(R"(,"data":2)") + "]", batch_type),
        "a.b");
    REQUIRE(posted.has_value());
    CHECK(posted->is_batch);
    REQUIRE(posted->events.size() == 2);
    CHECK(json_of(posted->events.back().payload) == "2");
    CHECK(read_posted(post("[]", batch_type), "a.b")->events.empty());
    const auto wrong = read_posted(post("[" + structured("") + ",{}]", batch_type), "a.b");
    REQUIRE_FALSE(wrong.has_value());
    CHECK(wrong.error().status == 400);
    CHECK_THAT(wrong.error().reason, Catch::StartsWith("event 2: "));
    std::string many = "[" + structured("");
    for (std::size_t i = 0; i < nodes::batch_events_max; ++i)
        many += "," + structured("");
    CHECK(refused(post(many + "]", batch_type)) == 413);
}

TEST_CASE("malformed CloudEvents are refused with a reason") {
    for (const auto& body :
         {std::string("{}"), std::string("[]"), std::string("7"), std::string(""),
          std::string(R"({"specversion":"1.0","id":"","source":"/s","type":"a"})"),
          std::string(R"({"specversion":"0.3","id":"7","source":"/s","type":"a"})"),
          structured(R"(,"data":1,"data_base64":"AA==")"), structured(R"(,"data_base64":"!")"),
          structured(R"(,"datacontenttype":7,"data":1)"), structured(R"(,"x":{})"),
          structured(R"(,"x":1.5)"), structured(R"(,"Big":"x")"), structured(R"(,"a-b":"x")"),
          structured(R"(,"partitionkey":")" + std::string(257, 'k') + "\""),
          structured(R"(,"data":)" + std::string(70, '[') + std::string(70, ']'))}) {
        INFO(body);
        const auto posted = read_posted(post(body, event_type), "a.b");
        REQUIRE_FALSE(posted.has_value());
        CHECK(posted.error().status == 400);
        CHECK_THAT(posted.error().reason, Catch::Contains("expected"));
    }
    CHECK(refused(post("<event/>", "application/cloudevents+xml")) == 415);
    auto twice = binary_headers;
    twice.emplace_back("ce-id", "8");
    CHECK(refused(post("", "", twice)) == 400);
}

TEST_CASE("an Idempotency-Key is the event's, and names one event") {
    const Headers key{{"Idempotency-Key", "abc"}};
    CHECK(read_posted(post("1", "", key), "a.b")->events.front().options.idempotency_key == "abc");
    CHECK(refused(post("[]", batch_type, key)) == 400);
    CHECK(refused(post("1", "", {{"Idempotency-Key", std::string(257, 'a')}})) == 400);
}

TEST_CASE("any body is read as events or refused") {
    const std::uint64_t seed = 20'261'201;
    CAPTURE(seed);
    tests::with_noise("[" + structured(R"(,"data":{"a":[1,"b"]})") + "]", seed, 2'000,
                      [](const std::string& bytes) {
                          for (const auto* type : {event_type, batch_type, ""})
                              if (const auto posted = read_posted(post(bytes, type), "a.b");
                                  !posted)
                                  REQUIRE(posted.error().status >= 400);
                      });
}
