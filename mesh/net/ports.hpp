#pragma once

#include <cstdint>
#include <utility>

namespace mesh {

/// A range of ports, both ends included.
struct PortRange {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
};

/// Where nodes listen: outside the range from which the kernel takes ports for outgoing
/// connections, `ephemeral`, because dialling a dead port inside it can connect to itself
/// (zeromq/libzmq#4588). 20000 to 32767 as far as that is free; an empty range (0, 0) when the
/// kernel's leaves nothing above 1024.
PortRange listening_ports(PortRange ephemeral);

/// The kernel's range, from /proc/sys/net/ipv4/ip_local_port_range; its default when unreadable.
PortRange ephemeral_ports();

} // namespace mesh
