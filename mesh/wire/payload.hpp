#pragma once

#include "mesh/base/result.hpp"
#include "mesh/event/event.hpp"

#include <msgpack.hpp>

#include <string>
#include <utility>
#include <vector>

namespace mesh {

/// Turns a value into a payload: msgpack. Structs say how with MSGPACK_DEFINE_MAP.
template <class T>
Payload pack(const T& value) {
    msgpack::sbuffer buffer;
    msgpack::pack(buffer, value);
    return {{buffer.data(), buffer.size()}, std::string(default_content_type)};
}

/// What strangers may make the library build; tried against hostile bytes.
inline msgpack::unpack_limit payload_limits() {
    return {65536, 65536, payload_size_bytes_max, payload_size_bytes_max, payload_size_bytes_max,
            32};
}

/// The reverse of pack. Errors: `malformed` when the payload is not msgpack or not of this type.
template <class T>
Result<T> unpack(const Event& event) {
    if (event.content_type != default_content_type)
        return fail(ErrorCode::malformed, std::string(event.topic) + ": expected " +
                                              std::string(default_content_type) + ", got " +
                                              std::string(event.content_type));
    try {
        const auto text = text_of(event.payload);
        const auto handle =
            msgpack::unpack(text.data(), text.size(), nullptr, nullptr, payload_limits());
        return handle.get().template as<T>();
    } catch (const std::exception& error) {
        return fail(ErrorCode::malformed, std::string(event.topic) + " " + to_string(event.id) +
                                              ": the payload is not as expected: " + error.what());
    }
}

/// The same of a reply.
template <class T>
Result<T> unpack(const Payload& payload) {
    Event event;
    event.topic = "reply";
    event.content_type = payload.content_type;
    event.payload = bytes_of(payload.bytes);
    return unpack<T>(event);
}

/// An event's headers, without the mesh's own. Bytes that are none give no headers.
std::vector<std::pair<std::string, std::string>> headers_of(const Event& event);

/// The encoded form of headers; empty for none.
std::string encode_headers(const std::vector<std::pair<std::string, std::string>>& headers);

} // namespace mesh
