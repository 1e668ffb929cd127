#include "nodes/cli/event_json.hpp"

#include "mesh/base/hash.hpp"
#include "mesh/event/topic.hpp"
#include "nodes/cli/base64.hpp"
#include "nodes/cli/json_convert.hpp"
#include "nodes/cli/media_type.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace nodes {

namespace {

// RFC 2046, section 4.5.1.
constexpr std::string_view octet_stream = "application/octet-stream";

/// A payload as JSON, and what it then is. Nothing when it cannot be said in JSON.
struct JsonData {
    std::string json;
    std::string_view content_type;
};

std::optional<JsonData> json_data(const mesh::Event& event) {
    const auto type = media_type(event.content_type);
    std::optional<std::string> json;
    if (type.empty() || type == mesh::default_content_type) {
        json = json_of_msgpack(event.payload);
        if (json)
            return JsonData{std::move(*json), "application/json"};
    } else if (type == "application/json" || type.ends_with("+json")) {
        json = compact_json(mesh::text_of(event.payload));
    } else if (type.starts_with("text/") && mesh::is_utf8(mesh::text_of(event.payload))) {
        json = json_string(mesh::text_of(event.payload));
    }
    if (!json)
        return std::nullopt;
    return JsonData{std::move(*json), event.content_type};
}

/// W3C Trace Context, version 00. The event stands for a span, so its id names the span.
std::string traceparent(const mesh::Event& event) {
    std::string trace;
    for (const auto byte : event.trace())
        trace += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
    return fmt::format("00-{}-{:016x}-00", trace, mesh::hash64(to_string(event.id)));
}

/// Escapes what JSON allows in a string but a terminal may obey: DEL and U+0080 to U+009F.
std::string harmless(std::string_view json) {
    std::string text;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const auto byte = static_cast<unsigned char>(json[i]);
        const auto next = i + 1 < json.size() ? static_cast<unsigned char>(json[i + 1]) : 0U;
        if (byte == 0x7f) {
            text += "\\u007f";
        } else if (byte == 0xc2 && next >= 0x80 && next <= 0x9f) {
            text += fmt::format("\\u{:04x}", next);
            ++i;
        } else {
            text += json[i];
        }
    }
    return text;
}

/// Bytes as a string of JSON, but those that are no UTF-8 as `\xNN`, which JSON does not know: a
/// backslash of the text itself is doubled, so nothing is lost.
std::string bytes_text(std::string_view bytes) {
    std::string text;
    while (!bytes.empty()) {
        std::size_t size = 1;
        while (size <= 4 && !mesh::is_utf8(bytes.substr(0, size)))
            ++size;
        const bool is_character = size <= 4;
        if (is_character) {
            const auto quoted = json_string(bytes.substr(0, size));
            text += std::string_view(quoted).substr(1, quoted.size() - 2);
        } else {
            text += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes.front()));
        }
        bytes.remove_prefix(is_character ? std::min(size, bytes.size()) : 1);
    }
    return '"' + text + '"';
}

/// Of the kinds that `payload_of_text` makes of what is no JSON.
bool is_typed_bytes(std::string_view type) {
    return type.starts_with("text/") || type == octet_stream;
}

} // namespace

std::string cloud_event(const mesh::Event& event, std::string_view realm) {
    const auto source = fmt::format("/{}/{}", realm, event.service);
    std::string line =
        fmt::format(R"({{"specversion":"1.0","id":{},"source":{},"type":{},"time":"{}")",
                    json_string(to_string(event.id)), json_string(source), json_string(event.topic),
                    time_text(event.time));
    if (!event.payload.empty()) {
        if (const auto data = json_data(event)) {
            line += fmt::format(R"(,"datacontenttype":{},"data":{})",
                                json_string(data->content_type), data->json);
        } else {
            const auto type =
                event.content_type.empty() ? mesh::default_content_type : event.content_type;
            line += fmt::format(R"(,"datacontenttype":{},"data_base64":"{}")", json_string(type),
                                base64_of(event.payload));
        }
    }
    if (!event.key.empty())
        line += R"(,"partitionkey":)" + json_string(event.key);
    return line + fmt::format(R"(,"sequence":"{:020}","traceparent":"{}"}})", event.id.sequence,
                              traceparent(event));
}

std::string data_text(const mesh::Event& event) {
    if (event.payload.empty())
        return {};
    if (const auto data = json_data(event))
        return harmless(data->json);
    if (is_typed_bytes(media_type(event.content_type)))
        return harmless(bytes_text(mesh::text_of(event.payload)));
    return fmt::format("<{} bytes of {}>", event.payload.size(),
                       harmless(json_string(event.content_type)));
}

std::string event_line(const mesh::Event& event) {
    auto line = time_text(event.time) + " " + std::string(event.topic);
    if (!event.payload.empty())
        line += " " + data_text(event);
    if (!event.key.empty())
        line += " key=" + harmless(json_string(event.key));
    return line;
}

mesh::Payload payload_of_text(std::string_view text) {
    if (auto bytes = msgpack_of_json(text))
        return {std::move(*bytes), std::string(mesh::default_content_type)};
    if (!mesh::is_utf8(text))
        return {std::string(text), std::string(octet_stream)};
    return mesh::Payload::text(std::string(text));
}

std::string time_text(mesh::WallTime time) {
    namespace chrono = std::chrono;
    const auto day = chrono::floor<chrono::days>(time);
    const chrono::year_month_day date(day);
    const chrono::hh_mm_ss clock(time - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

} // namespace nodes
