#include "nodes/cli/option.hpp"

#include <array>

namespace nodes {

namespace {

constexpr std::array<Option, 18> globals{{
    {.name = "realm",
     .value_name = "NAME",
     .description = "the mesh to join (the manifest's, else default)",
     .kind = ValueKind::name},
    {.name = "iface",
     .value_name = "NAME",
     .description = "also send beacons on this network interface; repeatable",
     .repeat = Repeat::often},
    {.name = "peer",
     .value_name = "HOST:PORT",
     .description = "a node to know without any beacon; repeatable",
     .kind = ValueKind::endpoint,
     .repeat = Repeat::often},
    {.name = "listen",
     .value_name = "HOST:PORT",
     .description = "control address, the inbox on PORT+1 (a free port on loopback)",
     .kind = ValueKind::endpoint},
    {.name = "advertise",
     .value_name = "HOST",
     .description = "the host that others are told to dial"},
    {.name = "beacon-port",
     .value_name = "N",
     .description = "UDP port of the beacons (5670)",
     .kind = ValueKind::port},
    {.name = "no-beacon", .description = "neither send nor hear beacons", .kind = ValueKind::none},
    {.name = "insecure",
     .description = "allow to bind off loopback without keys",
     .kind = ValueKind::none},
    {.name = "instance",
     .value_name = "NAME",
     .description = "this replica's lasting name (the lowest free number)",
     .kind = ValueKind::name},
    {.name = "state", .value_name = "DIR", .description = "where ids and incarnations are kept"},
    {.name = "config",
     .value_name = "FILE",
     .description = "these options as `name = value` lines"},
    {.name = "timeout",
     .value_name = "D",
     .description = "how long to wait, such as 500ms or 10s",
     .kind = ValueKind::duration},
    {.name = "format",
     .value_name = "FORM",
     .description = "text or json",
     .kind = ValueKind::format},
    {.name = "color",
     .value_name = "WHEN",
     .description = "auto, always or never",
     .kind = ValueKind::color},
    {.name = "quiet",
     .letter = 'q',
     .description = "say only what went wrong",
     .kind = ValueKind::none},
    {.name = "verbose", .letter = 'v', .description = "say more", .kind = ValueKind::none},
    {.name = "version", .description = "print the version", .kind = ValueKind::none},
    {.name = "help",
     .letter = 'h',
     .description = "print this, or the help of a command",
     .kind = ValueKind::none},
}};

} // namespace

std::span<const Option> global_options() {
    return globals;
}

} // namespace nodes
