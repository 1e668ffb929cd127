#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/result.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace mesh {

/// Names one instance of a service for good: 16 random bytes, kept across restarts.
struct NodeId {
    std::array<std::byte, 16> bytes{};

    /// A fresh id from the system's entropy source.
    static NodeId random();

    auto operator<=>(const NodeId&) const = default;
};

/// 32 lower-case hexadecimal digits.
std::string to_string(const NodeId& id);

/// The reverse of to_string. Errors: `malformed` for anything but 32 hexadecimal digits.
Result<NodeId> parse_node_id(std::string_view text);

/// The first 8 digits: enough for people and logs.
std::string short_text(const NodeId& id);

} // namespace mesh

template <>
struct std::hash<mesh::NodeId> {
    /// Ids are random, so any eight of their bytes are a hash.
    std::size_t operator()(const mesh::NodeId& id) const noexcept {
        std::size_t value = 0;
        for (std::size_t i = 0; i < sizeof value; ++i)
            value = value << 8 | std::to_integer<std::size_t>(id.bytes[i]);
        return value;
    }
};
