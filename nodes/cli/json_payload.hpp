#pragma once

#include "mesh/event/event.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>

namespace nodes {

/// The payload that a CloudEvents object has in `data`, or as `data_base64`, with
/// `datacontenttype`: text of a text type, else msgpack of the JSON, or the bytes. An empty one
/// when there is neither. Nothing for what is nested too deep, and for base64 that is none.
std::optional<mesh::Payload> payload_of_object(const nlohmann::ordered_json& object);

} // namespace nodes
