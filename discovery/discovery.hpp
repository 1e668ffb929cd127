#pragma once

#include "discovery/beacon.hpp"
#include "discovery/beacon_schedule.hpp"
#include "discovery/membership.hpp"
#include "discovery/udp_socket.hpp"
#include "mesh/base/log.hpp"
#include "mesh/node.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace discovery {

/// Empty fields are taken from `DAGMESH_BEACON_PORT` and `DAGMESH_NO_BEACON`, or have the default.
struct DiscoveryOptions {
    std::optional<std::uint16_t> beacon_port; ///< UDP; default 5670
    bool is_silent = false;                   ///< neither sends nor hears beacons
};

/// Finds the other nodes of the realm by UDP beacon and introduces them to the node: on loopback,
/// and on the networks that the node listens on. A guest on the node's loop; make it before the
/// node starts, and keep it as long as the node.
class Discovery {
public:
    /// Throws std::invalid_argument for an environment variable that cannot be read.
    explicit Discovery(mesh::Node& node, DiscoveryOptions options = {});
    Discovery(const Discovery&) = delete;
    Discovery& operator=(const Discovery&) = delete;

private:
    void start();
    void open_loopback();
    void open_interface(const mesh::Interface& interface);
    void add(UdpSocket receiver);
    void receive(const UdpSocket& socket);
    void send_due();
    void send(bool is_leaving);
    void arm();

    mesh::Node& node_;
    std::uint16_t port_;
    std::optional<Membership> membership_;
    std::optional<BeaconSchedule> schedule_;
    std::vector<std::unique_ptr<UdpSocket>> receivers_;
    std::vector<UdpSocket> senders_;
    Beacon beacon_;
    mesh::TimePoint armed_for_{};
    mesh::CountedWarning malformed_{"datagram dropped on the beacon port"};
    mesh::CountedWarning unsent_{"beacon not sent"};
};

} // namespace discovery
