#include "nodes/gateway/posted_events.hpp"

#include "mesh/event/topic.hpp"
#include "nodes/cli/json_convert.hpp"
#include "nodes/cli/json_payload.hpp"
#include "nodes/cli/media_type.hpp"
#include "nodes/gateway/cloud_attributes.hpp"
#include "nodes/gateway/http_limits.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

namespace nodes {

namespace {

using json = nlohmann::json;

constexpr std::string_view attribute_prefix = "ce-";

std::string small_letters(std::string_view text) {
    std::string small(text);
    std::ranges::transform(small, small.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return small;
}

/// The data of a body in JSON.
OrRefusal<mesh::Payload> json_data(std::string_view body) {
    auto bytes = msgpack_of_json(body);
    if (!bytes)
        return refuse(400, "expected data in JSON, nested at most " +
                               std::to_string(json_depth_max) + " deep, got " + in_quotes(body));
    return mesh::Payload{std::move(*bytes), std::string(mesh::default_content_type)};
}

/// The attributes of an object; what holds the data is left to payload_of_object.
OrRefusal<CloudAttributes> attributes_of(const json& object) {
    CloudAttributes attributes;
    for (const auto& [name, value] : object.items()) {
        if (name == "data" || name == "data_base64" || name == "datacontenttype" || value.is_null())
            continue;
        if (value.is_string())
            attributes.emplace_back(name, value.get<std::string>());
        else if (value.is_boolean() || value.is_number_integer())
            attributes.emplace_back(name, value.dump());
        else
            return refuse(400, in_quotes(name) + ": expected text, a whole number, true or false");
    }
    return attributes;
}

OrRefusal<mesh::NewEvent> structured_event(const json& object, std::string_view topic) {
    if (!object.is_object())
        return refuse(400, "expected a CloudEvent as an object of JSON");
    const auto attributes = attributes_of(object);
    if (!attributes)
        return tl::unexpected(attributes.error());
    auto event = event_of(*attributes, topic);
    if (!event)
        return event;
    if (object.contains("data") && object.contains("data_base64"))
        return refuse(400, "expected data or data_base64, not both");
    auto payload = payload_of_object(object);
    if (!payload)
        return refuse(400, "expected data in JSON, nested at most " +
                               std::to_string(json_depth_max) +
                               " deep, or base64 as data_base64, and text as datacontenttype");
    event->payload = std::move(*payload);
    return event;
}

OrRefusal<PostedEvents> structured(const HttpRequest& request, std::string_view topic) {
    auto event = structured_event(parse_json_object(request.body), topic);
    if (!event)
        return tl::unexpected(event.error());
    return PostedEvents{{std::move(*event)}};
}

OrRefusal<PostedEvents> batch(const HttpRequest& request, std::string_view topic) {
    const auto array = parse_json_array(request.body);
    if (!array.is_array())
        return refuse(400,
                      "expected an array of CloudEvents in JSON, got " + in_quotes(request.body));
    if (array.size() > batch_events_max)
        return refuse(413, "expected at most " + std::to_string(batch_events_max) +
                               " events, got " + std::to_string(array.size()));
    PostedEvents posted{{}, true};
    for (const auto& object : array) {
        auto event = structured_event(object, topic);
        if (!event)
            return refuse(event.error().status, "event " +
                                                    std::to_string(posted.events.size() + 1) +
                                                    ": " + event.error().reason);
        posted.events.push_back(std::move(*event));
    }
    return posted;
}

OrRefusal<PostedEvents> binary(const HttpRequest& request, const CloudAttributes& attributes,
                               std::string_view topic) {
    auto event = event_of(attributes, topic);
    if (!event)
        return tl::unexpected(event.error());
    const auto type = std::string(request.header("content-type"));
    if (request.body.empty())
        return PostedEvents{{std::move(*event)}};
    if (type.empty() || media_type(type) == "application/json") {
        auto data = json_data(request.body);
        if (!data)
            return tl::unexpected(data.error());
        event->payload = std::move(*data);
    } else {
        event->payload = {request.body, type};
    }
    return PostedEvents{{std::move(*event)}};
}

CloudAttributes attributes_of(const HttpRequest& request) {
    CloudAttributes attributes;
    for (const auto& [given, value] : request.headers)
        if (auto name = small_letters(given); name.starts_with(attribute_prefix))
            attributes.emplace_back(name.substr(attribute_prefix.size()), value);
    return attributes;
}

OrRefusal<PostedEvents> plain(const HttpRequest& request, std::string_view topic) {
    if (topic.empty())
        return refuse(400, "expected POST /events/TOPIC, or a CloudEvent, whose type is the topic");
    PostedEvents posted{{{std::string(topic)}}};
    if (request.body.empty())
        return posted;
    auto data = json_data(request.body);
    if (!data)
        return tl::unexpected(data.error());
    posted.events.front().payload = std::move(*data);
    return posted;
}

OrRefusal<PostedEvents> read_by_type(const HttpRequest& request, std::string_view topic) {
    const auto type = small_letters(media_type(request.header("content-type")));
    if (type == "application/cloudevents+json")
        return structured(request, topic);
    if (type == "application/cloudevents-batch+json")
        return batch(request, topic);
    if (type.starts_with("application/cloudevents"))
        return refuse(415, "expected application/cloudevents+json or "
                           "application/cloudevents-batch+json, got " +
                               in_quotes(type));
    const auto attributes = attributes_of(request);
    return attributes.empty() ? plain(request, topic) : binary(request, attributes, topic);
}

} // namespace

OrRefusal<PostedEvents> read_posted(const HttpRequest& request, std::string_view topic) {
    auto posted = read_by_type(request, topic);
    if (!posted)
        return posted;
    if (const auto key = request.header("idempotency-key"); !key.empty()) {
        if (posted->is_batch)
            return refuse(400, "expected no Idempotency-Key with a batch: it names one event");
        if (key.size() > mesh::key_size_bytes_max || !mesh::is_utf8(key))
            return refuse(400, "expected an Idempotency-Key of at most " +
                                   std::to_string(mesh::key_size_bytes_max) + " bytes of UTF-8");
        posted->events.front().options.idempotency_key = key;
    }
    for (const auto& event : posted->events)
        if (event.payload.content_type.size() > mesh::content_type_size_bytes_max ||
            !mesh::is_utf8(event.payload.content_type))
            return refuse(400, "expected a content type of at most " +
                                   std::to_string(mesh::content_type_size_bytes_max) +
                                   " bytes of UTF-8");
    return posted;
}

} // namespace nodes
