#pragma once

#include "mesh/event/event.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string_view>

namespace nodes {

/// A line of JSON as an object; null for anything else, and for what is nested deeper than
/// json_depth_max within it: a stranger's depth must not become this program's.
nlohmann::json parse_json_object(std::string_view line);

/// The same for an array of such objects.
nlohmann::json parse_json_array(std::string_view text);

/// The payload that a CloudEvents object has in `data`, or as `data_base64`, with
/// `datacontenttype`: text of a text type, else msgpack of the JSON, or the bytes. An empty one
/// when there is neither. Nothing for what is nested too deep, and for base64 that is none.
std::optional<mesh::Payload> payload_of_object(const nlohmann::json& object);

} // namespace nodes
