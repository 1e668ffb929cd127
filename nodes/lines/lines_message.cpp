#include "nodes/lines/lines_message.hpp"

#include "nodes/cli/event_json.hpp"
#include "nodes/cli/json_convert.hpp"
#include "nodes/cli/json_payload.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace nodes {

namespace {

using json = nlohmann::json;
using Kind = LinesMessage::Kind;

auto malformed(std::string expected) {
    return mesh::fail(mesh::ErrorCode::malformed, "expected " + std::move(expected));
}

constexpr std::array<std::pair<const char*, Kind>, 4> kinds{{
    {"emit", Kind::emit},
    {"publish", Kind::publish},
    {"done", Kind::done},
    {"failed", Kind::failed},
}};

/// A text under the name, empty when there is none. False for something else.
bool take_text(const json& object, const char* name, std::string& text) {
    const auto found = object.find(name);
    if (found == object.end())
        return true;
    if (!found->is_string())
        return false;
    text = found->get<std::string>();
    return true;
}

} // namespace

mesh::Result<LinesMessage> parse_lines_message(std::string_view line) {
    const auto object = parse_json_object(line);
    if (!object.is_object())
        return malformed("an object of JSON");
    const std::pair<const char*, Kind>* kind = nullptr;
    for (const auto& one : kinds)
        if (object.contains(one.first)) {
            if (kind != nullptr)
                return malformed(std::string("either ") + kind->first + " or " + one.first);
            kind = &one;
        }
    if (kind == nullptr)
        return malformed("one of emit, publish, done and failed");
    LinesMessage message;
    message.kind = kind->second;
    const auto& value = object.at(kind->first);
    const bool says_something = message.kind == Kind::emit || message.kind == Kind::publish;
    if (says_something) {
        if (!value.is_string())
            return malformed(std::string("a topic as ") + kind->first);
        message.topic = value.get<std::string>();
        auto payload = payload_of_object(object);
        if (!payload)
            return malformed("data of at most " + std::to_string(json_depth_max) +
                             " levels, or data_base64");
        message.payload = std::move(*payload);
        if (!take_text(object, "key", message.key))
            return malformed("a text as key");
    } else if (value.is_string()) {
        message.id = value.get<std::string>();
    } else if (value != true) {
        return malformed(std::string("an id, or true, as ") + kind->first);
    }
    if (message.kind == Kind::emit && !take_text(object, "for", message.id))
        return malformed("an id as for");
    if (!take_text(object, "handler", message.handler))
        return malformed("a name as handler");
    if (message.kind == Kind::failed && !take_text(object, "error", message.error))
        return malformed("a text as error");
    return message;
}

std::string lines_event(const mesh::Event& event, std::string_view realm,
                        std::string_view handler) {
    auto line = cloud_event(event, realm);
    line.pop_back();
    return line + R"(,"handler":)" + json_string(handler) + "}\n";
}

std::string lines_beat(const mesh::Beat& beat, std::string_view id, std::string_view source,
                       std::string_view realm, std::string_view handler) {
    std::string after;
    for (const auto& last : beat.last)
        after += (after.empty() ? "" : ",") + (last ? cloud_event(**last, realm) : "null");
    return fmt::format(
        R"({{"specversion":"1.0","id":{},"source":{},"type":"beat","time":"{}",)"
        R"("datacontenttype":"application/json","data":{{"skipped":{},"after":[{}]}},"handler":{}}})"
        "\n",
        json_string(id), json_string(source), time_text(mesh::wall_now()), beat.skipped, after,
        json_string(handler));
}

} // namespace nodes
