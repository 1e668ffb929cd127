#include "nodes/record/recorded_event.hpp"

#include "mesh/event/start_from.hpp"
#include "mesh/event/topic.hpp"
#include "nodes/cli/json_payload.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <utility>

namespace nodes {

namespace {

using json = nlohmann::json;

auto malformed(std::string expected) {
    return mesh::fail(mesh::ErrorCode::malformed, "expected " + std::move(expected));
}

std::string text_at(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

} // namespace

mesh::Result<RecordedEvent> parse_recorded(std::string_view line) {
    const auto object = parse_json_object(line);
    if (!object.is_object())
        return malformed("an object of JSON");
    RecordedEvent event;
    event.topic = text_at(object, "type");
    if (const auto checked = mesh::check_topic(event.topic); !checked)
        return malformed("a topic as type: " + checked.error().detail);
    event.id = text_at(object, "id");
    const auto time = mesh::parse_start_from(text_at(object, "time"), mesh::WallTime{});
    if (!time || time->kind != mesh::StartFrom::Kind::time)
        return malformed("a time such as 2026-07-01T12:00:00Z");
    event.time = mesh::WallTime(std::chrono::microseconds(time->number));
    event.key = text_at(object, "partitionkey");
    auto payload = payload_of_object(object);
    if (!payload)
        return malformed("data, or base64 as data_base64");
    event.payload = std::move(*payload);
    return event;
}

mesh::Result<TopicChange> parse_topic_change(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos)
        return mesh::fail(mesh::ErrorCode::invalid,
                          "expected OLD=NEW, got \"" + std::string(text) + "\"");
    TopicChange change{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
    for (const auto& topic : {change.from, change.to})
        if (const auto checked = mesh::check_topic(topic); !checked)
            return mesh::fail(mesh::ErrorCode::invalid, checked.error().detail);
    return change;
}

std::string changed_topic(const std::string& topic, const std::vector<TopicChange>& changes) {
    for (const auto& [from, to] : changes)
        if (topic == from || topic.starts_with(from + "."))
            return to + topic.substr(from.size());
    return topic;
}

} // namespace nodes
