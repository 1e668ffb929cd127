#include "nodes/cli/json_payload.hpp"

#include "nodes/cli/base64.hpp"
#include "nodes/cli/json_convert.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace nodes {

namespace {

/// How deep arrays and objects lie in each other.
std::size_t depth_of(std::string_view line) {
    std::size_t depth = 0;
    std::size_t deepest = 0;
    bool is_text = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (is_text && c == '\\')
            ++i;
        else if (c == '"')
            is_text = !is_text;
        else if (!is_text && (c == '[' || c == '{'))
            deepest = std::max(deepest, ++depth);
        else if (!is_text && (c == ']' || c == '}') && depth > 0)
            --depth;
    }
    return deepest;
}

} // namespace

nlohmann::json parse_json_object(std::string_view line) {
    if (depth_of(line) > json_depth_max + 1)
        return nullptr;
    auto object = nlohmann::json::parse(line, nullptr, false);
    return object.is_object() ? std::move(object) : nlohmann::json(nullptr);
}

nlohmann::json parse_json_array(std::string_view text) {
    if (depth_of(text) > json_depth_max + 2)
        return nullptr;
    auto array = nlohmann::json::parse(text, nullptr, false);
    return array.is_array() ? std::move(array) : nlohmann::json(nullptr);
}

std::optional<mesh::Payload> payload_of_object(const nlohmann::json& object) {
    std::string type;
    if (const auto given = object.find("datacontenttype"); given != object.end()) {
        if (!given->is_string())
            return std::nullopt;
        type = given->get<std::string>();
    }
    if (const auto text = object.find("data_base64"); text != object.end()) {
        auto bytes = text->is_string() ? bytes_of_base64(text->get<std::string>()) : std::nullopt;
        if (!bytes)
            return std::nullopt;
        return mesh::Payload{std::move(*bytes),
                             type.empty() ? "application/octet-stream" : std::move(type)};
    }
    const auto data = object.find("data");
    if (data == object.end())
        return mesh::Payload{};
    if (data->is_string() && type.starts_with("text/"))
        return mesh::Payload{data->get<std::string>(), std::move(type)};
    auto bytes = msgpack_of_json(data->dump());
    if (!bytes)
        return std::nullopt;
    return mesh::Payload{std::move(*bytes), std::string(mesh::default_content_type)};
}

} // namespace nodes
