#include "nodes/cli/json_payload.hpp"

#include "nodes/cli/base64.hpp"
#include "nodes/cli/json_convert.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>

namespace nodes {

std::optional<mesh::Payload> payload_of_object(const nlohmann::ordered_json& object) {
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
