#include "mesh/net/connection_quota.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <cstring>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <utility>

namespace mesh {

namespace {

using namespace std::chrono_literals;

// A stranger on the same machine brings 10 MB into memory meanwhile (500 MB/s, measured).
constexpr Duration look_interval = 20ms;

// Heartbeats are no messages: 10 bytes each, three a second from each side.
constexpr std::uint64_t silent_bytes_a_look = 4;

/// The peer of a TCP connection, as bytes that are equal only for the same address and port.
std::optional<std::string> tcp_peer(int fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        return std::nullopt;
    if (address.ss_family != AF_INET && address.ss_family != AF_INET6)
        return std::nullopt;
    return std::string(reinterpret_cast<const char*>(&address), size);
}

std::string readable(const std::string& peer) {
    sockaddr_in6 address{};
    std::memcpy(&address, peer.data(), std::min(peer.size(), sizeof address));
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.sin6_family == AF_INET6) {
        inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
    } else {
        sockaddr_in v4{};
        std::memcpy(&v4, peer.data(), std::min(peer.size(), sizeof v4));
        inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    }
    return std::string(text.data()) + ":" + std::to_string(ntohs(address.sin6_port));
}

std::optional<std::uint64_t> received_bytes(int fd) {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return std::nullopt;
    return info.tcpi_bytes_received;
}

} // namespace

ConnectionQuota::ConnectionQuota(zmq::context_t& context, Reactor& reactor, zmq::socket_t& socket)
    : reactor_(reactor), socket_(socket), news_(context, zmq::socket_type::pair) {
    // One name a socket: contexts do not share them.
    const auto address =
        "inproc://connections-" + std::to_string(reinterpret_cast<std::uintptr_t>(socket.handle()));
    if (zmq_socket_monitor(socket.handle(), address.c_str(),
                           ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED) != 0)
        throw zmq::error_t();
    // Without a mark: at one, ZeroMQ's own thread would wait for this one.
    news_.set(zmq::sockopt::rcvhwm, 0);
    news_.set(zmq::sockopt::linger, 0);
    news_.connect(address);
    reactor_.add(news_, [this] { read_news(); });
}

ConnectionQuota::~ConnectionQuota() {
    if (looking_)
        reactor_.cancel(*looking_);
    reactor_.remove(news_);
    zmq_socket_monitor(socket_.handle(), nullptr, 0);
}

void ConnectionQuota::received(zmq::message_t& message) {
    if (connections_.empty())
        return;
    const int fd = zmq_msg_get(message.handle(), ZMQ_SRCFD);
    if (const auto connection = connections_.find(fd); connection != connections_.end())
        connection->second.has_finished_one = true;
}

void ConnectionQuota::read_news() {
    zmq::message_t head;
    zmq::message_t address;
    while (news_.recv(head, zmq::recv_flags::dontwait)) {
        if (!news_.recv(address, zmq::recv_flags::dontwait))
            return;
        // 16 bits of event, 32 bits of value: zmq_socket_monitor(3).
        std::uint16_t event = 0;
        std::int32_t fd = -1;
        if (head.size() < sizeof event + sizeof fd)
            continue;
        std::memcpy(&event, head.data(), sizeof event);
        std::memcpy(&fd, static_cast<const std::byte*>(head.data()) + sizeof event, sizeof fd);
        connections_.erase(fd);
        if (event != ZMQ_EVENT_ACCEPTED)
            continue;
        if (auto peer = tcp_peer(fd))
            connections_[fd].peer = std::move(*peer);
    }
    if (!looking_ && !connections_.empty())
        looking_ = reactor_.every(look_interval, [this] { look(); });
}

void ConnectionQuota::look() {
    read_news();
    std::uint64_t all = 0;
    for (auto one = connections_.begin(); one != connections_.end();) {
        auto& connection = one->second;
        const auto received = received_bytes(one->first);
        if (!received) {
            one = connections_.erase(one);
            continue;
        }
        if (std::exchange(connection.has_finished_one, false))
            connection.finished_bytes = *received;
        else
            connection.finished_bytes =
                std::min(connection.finished_bytes + silent_bytes_a_look, *received);
        connection.unfinished_bytes = *received - connection.finished_bytes;
        all += connection.unfinished_bytes;
        ++one;
    }
    for (auto one = connections_.begin(); one != connections_.end();) {
        auto& connection = one->second;
        const bool has_much = connection.unfinished_bytes > unfinished_size_bytes_max;
        // Not at first sight: after a late turn, whole messages still wait in the socket.
        if (has_much && connection.is_suspect) {
            all -= connection.unfinished_bytes;
            one = cut(one);
            continue;
        }
        connection.is_suspect = has_much;
        ++one;
    }
    const bool is_over = all > all_unfinished_size_bytes_max;
    while (was_over_ && all > all_unfinished_size_bytes_max) {
        const auto most =
            std::ranges::max_element(connections_, {}, [](const Connections::value_type& one) {
                return one.second.unfinished_bytes;
            });
        all -= most->second.unfinished_bytes;
        cut(most);
    }
    was_over_ = is_over;
    if (connections_.empty()) {
        reactor_.cancel(*looking_);
        looking_.reset();
    }
}

ConnectionQuota::Connections::iterator ConnectionQuota::cut(Connections::iterator connection) {
    // ZeroMQ owns the descriptor, and sees the end of the stream. Its number may belong to another
    // connection by now.
    if (tcp_peer(connection->first) == connection->second.peer) {
        cut_(readable(connection->second.peer) + " has sent " +
             std::to_string(connection->second.unfinished_bytes) + " bytes of it");
        shutdown(connection->first, SHUT_RDWR);
    }
    return connections_.erase(connection);
}

} // namespace mesh
