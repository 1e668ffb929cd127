#include "nodes/cli/event_json.hpp"
#include "nodes/record/recorded_event.hpp"
#include "nodes/text/progress_line.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using nodes::parse_recorded;

TEST_CASE("what sub prints can be replayed: topic, time, key and payload come back") {
    for (const auto& payload :
         {nodes::payload_of_text(R"({"a": 0.5, "z": [1, "a", null]})"),
          nodes::payload_of_text("hi"), nodes::payload_of_text("\xff\x01"), mesh::Payload{}}) {
        mesh::Event event;
        event.topic = "order.created";
        event.service = "order";
        event.time = mesh::WallTime(std::chrono::microseconds(1'790'000'000'123'456));
        event.key = "k";
        event.content_type = payload.content_type;
        event.payload = mesh::bytes_of(payload.bytes);
        const auto recorded = parse_recorded(nodes::cloud_event(event, "shop"));
        REQUIRE(recorded.has_value());
        CHECK(recorded->topic == event.topic);
        CHECK(recorded->id == to_string(event.id));
        CHECK(recorded->time == event.time);
        CHECK(recorded->key == "k");
        CHECK(recorded->payload.bytes == payload.bytes);
        if (!payload.bytes.empty())
            CHECK(recorded->payload.content_type == payload.content_type);
    }
}

TEST_CASE("a line that is no event is refused") {
    for (const auto& [line, expected] : std::vector<std::pair<std::string, std::string>>{
             {"", "an object"},
             {"7", "an object"},
             {"{}", "a topic"},
             {R"({"type": "a..b", "time": "2026-07-01T12:00:00Z"})", "a topic"},
             {R"({"type": "a"})", "a time"},
             {R"({"type": "a", "time": "now"})", "a time"},
             {R"({"type": "a", "time": "2026-07-01T12:00:00Z", "data_base64": 1})", "base64"}}) {
        const auto recorded = parse_recorded(line);
        REQUIRE_FALSE(recorded.has_value());
        CHECK_THAT(recorded.error().detail, Catch::Contains(expected));
    }
}

TEST_CASE("topics are changed by the first change that fits") {
    const std::vector<nodes::TopicChange> changes{{"order", "test.order"}, {"order.paid", "x"}};
    CHECK(nodes::changed_topic("order", changes) == "test.order");
    CHECK(nodes::changed_topic("order.paid", changes) == "test.order.paid");
    CHECK(nodes::changed_topic("orders.paid", changes) == "orders.paid");
    CHECK(nodes::parse_topic_change("a.b=c")->to == "c");
    for (const auto* text : {"", "a", "=b", "a=", "a.*=b", "a=b=c d"})
        CHECK_FALSE(nodes::parse_topic_change(text).has_value());
}

TEST_CASE("a bar is as long as the share that is done") {
    CHECK(nodes::progress_bar(0) == "[" + std::string(30, '.') + "]");
    CHECK(nodes::progress_bar(0.5) == "[" + std::string(15, '#') + std::string(15, '.') + "]");
    CHECK(nodes::progress_bar(2) == "[" + std::string(30, '#') + "]");
}
