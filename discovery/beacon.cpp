#include "discovery/beacon.hpp"

#include "mesh/wire/little_endian.hpp"

#include <algorithm>
#include <string>

namespace discovery {

using mesh::ErrorCode;
using mesh::fail;

namespace {

constexpr std::uint8_t magic_0 = 'D';
constexpr std::uint8_t magic_1 = 'M';
constexpr std::uint8_t leaving = 0x01;
constexpr std::uint8_t observer = 0x02;

} // namespace

std::array<std::byte, beacon_size_bytes> encode(const Beacon& beacon) {
    std::array<std::byte, beacon_size_bytes> datagram{};
    mesh::LittleEndianWriter writer(datagram.data());
    writer.put(magic_0);
    writer.put(magic_1);
    writer.put(beacon_version);
    writer.put(static_cast<std::uint8_t>((beacon.is_leaving ? leaving : 0U) |
                                         (beacon.is_observer ? observer : 0U)));
    writer.put(mesh::Bytes(beacon.id.bytes));
    writer.put(beacon.incarnation);
    writer.put(beacon.number);
    writer.put(beacon.realm);
    writer.put(beacon.contract);
    writer.put(beacon.control_port);
    return datagram;
}

mesh::Result<Beacon> decode_beacon(mesh::Bytes datagram) {
    mesh::LittleEndianReader reader(datagram);
    const bool is_ours =
        reader.take<std::uint8_t>() == magic_0 && reader.take<std::uint8_t>() == magic_1;
    if (!is_ours || datagram.size() < 3)
        return fail(ErrorCode::malformed,
                    "no beacon, " + std::to_string(datagram.size()) + " bytes");
    if (const auto version = reader.take<std::uint8_t>(); version != beacon_version)
        return fail(ErrorCode::unsupported_version, "expected beacon version " +
                                                        std::to_string(beacon_version) + ", got " +
                                                        std::to_string(version));
    if (datagram.size() != beacon_size_bytes)
        return fail(ErrorCode::malformed, "expected a beacon of " +
                                              std::to_string(beacon_size_bytes) + " bytes, got " +
                                              std::to_string(datagram.size()));
    const auto flags = reader.take<std::uint8_t>();
    Beacon beacon;
    beacon.is_leaving = (flags & leaving) != 0;
    beacon.is_observer = (flags & observer) != 0;
    std::ranges::copy(reader.take_bytes(beacon.id.bytes.size()), beacon.id.bytes.begin());
    beacon.incarnation = reader.take<std::uint32_t>();
    beacon.number = reader.take<std::uint64_t>();
    beacon.realm = reader.take<std::uint64_t>();
    beacon.contract = reader.take<std::uint64_t>();
    beacon.control_port = reader.take<std::uint16_t>();
    if ((flags & ~(leaving | observer)) != 0 || beacon.control_port == 0)
        return fail(ErrorCode::malformed, "beacon with unknown flags or without a port");
    return beacon;
}

} // namespace discovery
