#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/result.hpp"
#include "mesh/net/interfaces.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace discovery {

/// One UDP socket for beacons, non-blocking. Throws std::system_error when it cannot be had.
class UdpSocket {
public:
    /// Hears what is broadcast to `address`, and nothing else.
    static UdpSocket broadcast_receiver(const std::string& address, std::uint16_t port);

    /// Broadcasts from an own address to `to`.
    static UdpSocket broadcast_sender(const std::string& from, const std::string& to,
                                      std::uint16_t port);

    /// Hears, or sends to, the group on one interface: IPv4 or IPv6 by the interface's address.
    static UdpSocket group_receiver(const std::string& group, const mesh::Interface& interface,
                                    std::uint16_t port);
    static UdpSocket group_sender(const std::string& group, const mesh::Interface& interface,
                                  std::uint16_t port);

    ~UdpSocket();
    UdpSocket(UdpSocket&& other) noexcept;
    UdpSocket& operator=(UdpSocket&&) = delete;

    int fd() const { return fd_; }

    /// Best effort. Errors: `environment`, saying why the system does not take it.
    mesh::Result<void> send(mesh::Bytes datagram) const;

    struct Datagram {
        std::size_t size = 0;
        std::string host; ///< of the sender
    };

    /// The next datagram that waits, cut to `buffer`. Nothing when none waits.
    std::optional<Datagram> receive(std::byte* buffer, std::size_t buffer_size_bytes) const;

private:
    explicit UdpSocket(int family);
    void bind_to(const std::string& address, std::uint16_t port, unsigned scope) const;
    void connect_to(const std::string& address, std::uint16_t port, unsigned scope) const;

    int fd_;
};

} // namespace discovery
