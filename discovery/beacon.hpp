#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/node_id.hpp"
#include "mesh/base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace discovery {

/// The datagram by which a node says that it exists. Layout: docs/discovery.md, "Beacon".
struct Beacon {
    bool is_leaving = false;
    bool is_observer = false;
    mesh::NodeId id;
    std::uint32_t incarnation = 0;
    std::uint64_t number = 0; ///< rises with each beacon of a run
    std::uint64_t realm = 0;  ///< hash64 of the realm's name
    std::uint64_t contract = 0;
    std::uint16_t control_port = 0;

    bool operator==(const Beacon&) const = default;
};

inline constexpr std::uint8_t beacon_version = 1;
inline constexpr std::size_t beacon_size_bytes = 2 + 1 + 1 + 16 + 4 + 8 + 8 + 8 + 2;

std::array<std::byte, beacon_size_bytes> encode(const Beacon& beacon);

/// Errors: `malformed` for another length, magic or flags, or without a port;
/// `unsupported_version`.
mesh::Result<Beacon> decode_beacon(mesh::Bytes datagram);

} // namespace discovery
