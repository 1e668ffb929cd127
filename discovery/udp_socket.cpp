#include "discovery/udp_socket.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace discovery {

namespace {

[[noreturn]] void raise(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;

    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Address address_of(const std::string& text, std::uint16_t port, unsigned scope) {
    Address address;
    auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
    const auto plain = text.substr(0, text.find('%'));
    if (inet_pton(AF_INET, plain.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        address.size = sizeof *v4;
    } else if (inet_pton(AF_INET6, plain.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        v6->sin6_scope_id = scope;
        address.size = sizeof *v6;
    } else {
        errno = EINVAL;
        raise("address " + text);
    }
    return address;
}

template <class T>
void set(int fd, int level, int option, const T& value, const char* what) {
    if (setsockopt(fd, level, option, &value, sizeof value) != 0)
        raise(what);
}

int family_of(const mesh::Interface& interface) {
    return interface.is_v6 ? AF_INET6 : AF_INET;
}

ip_mreqn membership(const std::string& group, const mesh::Interface& interface) {
    ip_mreqn request{};
    inet_pton(AF_INET, group.c_str(), &request.imr_multiaddr);
    request.imr_ifindex = static_cast<int>(interface.index);
    return request;
}

} // namespace

UdpSocket::UdpSocket(int family)
    : fd_(socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    if (fd_ < 0)
        raise("socket");
}

UdpSocket::~UdpSocket() {
    if (fd_ >= 0)
        close(fd_);
}

UdpSocket::UdpSocket(UdpSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

void UdpSocket::bind_to(const std::string& address, std::uint16_t port, unsigned scope) const {
    // All nodes of a machine share the port. SO_REUSEPORT alone would refuse another user's.
    set(fd_, SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR");
    const auto here = address_of(address, port, scope);
    if (bind(fd_, here.get(), here.size) != 0)
        raise("bind to " + address + ":" + std::to_string(port));
}

void UdpSocket::connect_to(const std::string& address, std::uint16_t port, unsigned scope) const {
    const auto there = address_of(address, port, scope);
    if (connect(fd_, there.get(), there.size) != 0)
        raise("send to " + address + ":" + std::to_string(port));
}

UdpSocket UdpSocket::broadcast_receiver(const std::string& address, std::uint16_t port) {
    UdpSocket made(AF_INET);
    made.bind_to(address, port, 0);
    return made;
}

UdpSocket UdpSocket::broadcast_sender(const std::string& from, const std::string& to,
                                      std::uint16_t port) {
    UdpSocket made(AF_INET);
    set(made.fd_, SOL_SOCKET, SO_BROADCAST, 1, "SO_BROADCAST");
    const auto here = address_of(from, 0, 0);
    if (bind(made.fd_, here.get(), here.size) != 0)
        raise("bind to " + from);
    made.connect_to(to, port, 0);
    return made;
}

UdpSocket UdpSocket::group_receiver(const std::string& group, const mesh::Interface& interface,
                                    std::uint16_t port) {
    UdpSocket made(family_of(interface));
    made.bind_to(group, port, interface.index);
    if (interface.is_v6) {
        ipv6_mreq request{};
        inet_pton(AF_INET6, group.c_str(), &request.ipv6mr_multiaddr);
        request.ipv6mr_interface = interface.index;
        set(made.fd_, IPPROTO_IPV6, IPV6_JOIN_GROUP, request, "IPV6_JOIN_GROUP");
    } else {
        set(made.fd_, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership(group, interface),
            "IP_ADD_MEMBERSHIP");
        // Without it the socket hears the group from interfaces that others joined it on.
        set(made.fd_, IPPROTO_IP, IP_MULTICAST_ALL, 0, "IP_MULTICAST_ALL");
    }
    return made;
}

UdpSocket UdpSocket::group_sender(const std::string& group, const mesh::Interface& interface,
                                  std::uint16_t port) {
    UdpSocket made(family_of(interface));
    const auto here = address_of(interface.address, 0, interface.index);
    if (bind(made.fd_, here.get(), here.size) != 0)
        raise("bind to " + interface.address);
    if (interface.is_v6)
        set(made.fd_, IPPROTO_IPV6, IPV6_MULTICAST_IF, static_cast<int>(interface.index),
            "IPV6_MULTICAST_IF");
    else
        set(made.fd_, IPPROTO_IP, IP_MULTICAST_IF, membership(group, interface), "IP_MULTICAST_IF");
    made.connect_to(group, port, interface.index);
    return made;
}

mesh::Result<void> UdpSocket::send(mesh::Bytes datagram) const {
    if (::send(fd_, datagram.data(), datagram.size(), MSG_NOSIGNAL) < 0)
        return mesh::fail(mesh::ErrorCode::environment, std::strerror(errno));
    return {};
}

std::optional<UdpSocket::Datagram> UdpSocket::receive(std::byte* buffer,
                                                      std::size_t buffer_size_bytes) const {
    sockaddr_storage from{};
    socklen_t from_size = sizeof from;
    const auto size = recvfrom(fd_, buffer, buffer_size_bytes, MSG_TRUNC,
                               reinterpret_cast<sockaddr*>(&from), &from_size);
    if (size < 0)
        return std::nullopt;
    Datagram datagram;
    datagram.size = static_cast<std::size_t>(size); // may exceed the buffer: it was cut
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (from.ss_family == AF_INET) {
        inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in*>(&from)->sin_addr, text.data(),
                  text.size());
        datagram.host = text.data();
    } else {
        const auto* v6 = reinterpret_cast<sockaddr_in6*>(&from);
        inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
        datagram.host = text.data();
        std::array<char, IF_NAMESIZE> name{};
        if (v6->sin6_scope_id != 0 && if_indextoname(v6->sin6_scope_id, name.data()) != nullptr)
            datagram.host += std::string("%") + name.data();
    }
    return datagram;
}

} // namespace discovery
