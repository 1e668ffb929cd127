#pragma once

#include "mesh/event/event.hpp"

#include <string>
#include <string_view>

namespace nodes {

/// The event as one CloudEvents 1.0 object in JSON, on one line without its end.
/// Shape: msgpack and JSON become `data` as JSON, text/* becomes a string, everything else and
/// what is not what it says becomes `data_base64`. An empty payload has no data.
/// `sequence` has 20 digits, because the extension asks for text that sorts.
std::string cloud_event(const mesh::Event& event, std::string_view realm);

/// The event for people, on one line without its end: time (UTC), topic, data, key.
/// What a terminal would obey is escaped.
std::string event_line(const mesh::Event& event);

/// The data of an event for people, on one line without its end: JSON when that can be, text that
/// is no UTF-8 with `\xNN` for its odd bytes, else how large it is. Nothing when there is none.
/// What a terminal would obey is escaped.
std::string data_text(const mesh::Event& event);

/// What somebody typed as data: msgpack when it is JSON, else text/plain, or bytes
/// (application/octet-stream) when it is no UTF-8 either.
mesh::Payload payload_of_text(std::string_view text);

/// RFC 3339 in UTC with microseconds: `2026-07-01T12:00:00.000001Z`.
std::string time_text(mesh::WallTime time);

} // namespace nodes
