#include "discovery/beaconing.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace discovery {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view loopback_broadcast = "127.255.255.255";
constexpr std::string_view group_v4 = "239.255.56.70"; // organisation-local scope, RFC 2365
constexpr std::string_view group_v6 = "ff02::5670";    // link-local scope, RFC 4291
constexpr int datagrams_a_turn = 256;

// How long a node listens before it may call itself alone.
constexpr mesh::Duration loopback_listening = 150ms;
constexpr mesh::Duration network_listening = 1s;

} // namespace

void Beaconing::start() {
    const auto& identity = node_.identity();
    membership_.emplace(identity.id, identity.realm_hash);
    schedule_.emplace(mesh::now(), std::random_device{}());
    beacon_.is_observer = identity.is_observer;
    beacon_.id = identity.id;
    beacon_.incarnation = identity.incarnation;
    beacon_.realm = identity.realm_hash;
    beacon_.contract = identity.contract_hash;
    beacon_.control_port = identity.control_port;

    const auto& hosts = identity.hosts;
    const bool is_everywhere = std::ranges::any_of(
        hosts, [](const auto& host) { return host == "0.0.0.0" || host == "*"; });
    if (is_everywhere || std::ranges::any_of(hosts, mesh::is_loopback))
        open_loopback();
    for (const auto& name : node_.options().interfaces)
        for (const auto& interface : mesh::interfaces_named(name))
            if (is_everywhere || std::ranges::find(hosts, interface.address) != hosts.end())
                open_interface(interface);
    node_.listen_for(node_.options().interfaces.empty() ? loopback_listening : network_listening);
    node_.before_leaving([self = shared_from_this()] { self->send(true); });
    send_due();
}

void Beaconing::open_loopback() {
    try {
        add(UdpSocket::broadcast_receiver(std::string(loopback_broadcast), port_));
        senders_.push_back(
            UdpSocket::broadcast_sender("127.0.0.1", std::string(loopback_broadcast), port_));
    } catch (const std::system_error& error) {
        throw std::runtime_error("cannot send beacons on loopback: " + std::string(error.what()));
    }
}

void Beaconing::open_interface(const mesh::Interface& interface) {
    const std::string group(interface.is_v6 ? group_v6 : group_v4);
    try {
        if (!interface.broadcast.empty()) {
            add(UdpSocket::broadcast_receiver(interface.broadcast, port_));
            senders_.push_back(
                UdpSocket::broadcast_sender(interface.address, interface.broadcast, port_));
        }
        add(UdpSocket::group_receiver(group, interface, port_));
        senders_.push_back(UdpSocket::group_sender(group, interface, port_));
    } catch (const std::system_error& error) {
        mesh::log(mesh::LogLevel::warning, "no beacons on " + interface.address + " (" +
                                               interface.name + "): " + error.what());
    }
}

void Beaconing::add(UdpSocket receiver) {
    receivers_.push_back(std::make_unique<UdpSocket>(std::move(receiver)));
    const auto& kept = *receivers_.back();
    node_.on_readable(kept.fd(), [self = shared_from_this(), &kept] { self->receive(kept); });
}

void Beaconing::receive(const UdpSocket& socket) {
    std::array<std::byte, beacon_size_bytes> buffer{};
    for (int i = 0; i < datagrams_a_turn; ++i) {
        const auto datagram = socket.receive(buffer.data(), buffer.size());
        if (!datagram)
            break;
        const auto beacon = datagram->size <= buffer.size()
                                ? decode_beacon({buffer.data(), datagram->size})
                                : mesh::fail(mesh::ErrorCode::malformed, "too long for a beacon");
        if (!beacon) {
            malformed_(datagram->host + ": " + beacon.error().detail);
            continue;
        }
        const auto time = mesh::now();
        const auto verdict = membership_->hear(*beacon, time);
        if (verdict == Membership::Verdict::leaving)
            node_.forget(beacon->id, beacon->incarnation);
        if (verdict != Membership::Verdict::newcomer && verdict != Membership::Verdict::known)
            continue;
        const bool hears_of_us =
            verdict == Membership::Verdict::known || schedule_->newcomer(time, membership_->size());
        node_.sight({beacon->id,
                     beacon->incarnation,
                     beacon->is_observer,
                     {datagram->host, beacon->control_port},
                     beacon->contract,
                     hears_of_us});
    }
    arm();
}

void Beaconing::send_due() {
    if (mesh::now() >= schedule_->due()) {
        send(false);
        schedule_->sent(mesh::now());
    }
    arm();
}

void Beaconing::send(bool is_leaving) {
    beacon_.is_leaving = is_leaving;
    ++beacon_.number;
    const auto datagram = encode(beacon_);
    for (const auto& sender : senders_)
        if (const auto sent = sender.send(datagram); !sent)
            unsent_(sent.error().detail);
}

void Beaconing::arm() {
    // Timers that come too early find nothing due; there are never more than a few of them.
    if (armed_for_ == schedule_->due())
        return;
    armed_for_ = schedule_->due();
    node_.after(armed_for_ - mesh::now(), [self = shared_from_this()] { self->send_due(); });
}

} // namespace discovery
