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
#include <vector>

namespace discovery {

/// Sends and hears the beacons of one node. Lives on the node's loop, from its start to its end;
/// what the loop calls must keep it alive.
class Beaconing : public std::enable_shared_from_this<Beaconing> {
public:
    Beaconing(mesh::Node& node, std::uint16_t port) : node_(node), port_(port) {}

    /// Opens the sockets and sends the first beacon. Throws std::runtime_error when loopback
    /// cannot be used; a network that cannot be used is logged.
    void start();

private:
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
