#include "mesh/net/ports.hpp"

#include <fstream>

namespace mesh {

PortRange listening_ports(PortRange ephemeral) {
    constexpr PortRange usual{20000, 32767};
    constexpr int few = 1000; // fewer ports than this and two nodes fight over them
    const auto fits = [](int first, int last) { return last - first >= few; };
    if (ephemeral.first > usual.last || ephemeral.last < usual.first)
        return usual;
    const int below = ephemeral.first - 1;
    const int above = ephemeral.last + 1;
    if (fits(usual.first, below))
        return {usual.first, static_cast<std::uint16_t>(below)};
    if (fits(above, usual.last))
        return {static_cast<std::uint16_t>(above), usual.last};
    if (fits(1025, below))
        return {1025, static_cast<std::uint16_t>(below)};
    if (fits(above, 65535))
        return {static_cast<std::uint16_t>(above), 65535};
    return {};
}

PortRange ephemeral_ports() {
    PortRange range{32768, 60999};
    std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> range.first >> range.last;
    return range;
}

} // namespace mesh
