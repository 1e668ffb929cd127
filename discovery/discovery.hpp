#pragma once

#include "mesh/node.hpp"

#include <cstdint>
#include <optional>

namespace discovery {

/// Empty fields are taken from `DAGMESH_BEACON_PORT` and `DAGMESH_NO_BEACON`, or have the default.
struct DiscoveryOptions {
    std::optional<std::uint16_t> beacon_port; ///< UDP; default 5670
    bool is_silent = false;                   ///< neither sends nor hears beacons
};

/// Finds the other nodes of the realm by UDP beacon and introduces them to the node: on loopback,
/// and on the networks that the node listens on. Make it before the node starts; what it sets up
/// lives on the node's loop, so this object may go at any time.
class Discovery {
public:
    /// Throws std::invalid_argument for an environment variable that cannot be read.
    explicit Discovery(mesh::Node& node, DiscoveryOptions options = {});
};

} // namespace discovery
