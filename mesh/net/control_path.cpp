#include "mesh/net/control_path.hpp"

#include "mesh/net/endpoints.hpp"

#include <array>
#include <chrono>
#include <optional>

namespace mesh {

namespace {

using namespace std::chrono_literals;

constexpr Duration idle_max = 10s;
constexpr int handshake_patience_ms = 5000;
constexpr int leave_linger_ms = 300; // for what is still to be said when the node stops
constexpr std::int64_t message_size_bytes_max = 1024 * 1024;
constexpr int messages_a_turn = 64;

/// The address of a connection as ZeroMQ tells it: of IPv4 on a socket for both it gives the mapped
/// form, and of a UNIX socket `localhost:UID:GID:PID`, or nothing; whoever is there is on this
/// machine.
std::string host_of(const char* peer_address) {
    std::string_view seen = peer_address == nullptr ? "" : peer_address;
    if (seen.starts_with("::ffff:"))
        seen.remove_prefix(7);
    return seen.empty() || seen.starts_with("localhost") ? "127.0.0.1" : std::string(seen);
}

} // namespace

ControlPath::ControlPath(zmq::context_t& context, Reactor& reactor, Receive receive)
    : context_(context),
      reactor_(reactor),
      receive_(std::move(receive)),
      router_(context, zmq::socket_type::router),
      quota_(context, reactor, router_) {
    router_.set(zmq::sockopt::linger, leave_linger_ms);
    router_.set(zmq::sockopt::maxmsgsize, message_size_bytes_max);
    router_.set(zmq::sockopt::handshake_ivl, handshake_patience_ms);
    reactor_.add(router_, [this] { receive_from(router_, {}); });
}

ControlPath::~ControlPath() {
    reactor_.remove(router_);
    for (auto& [address, line] : lines_)
        reactor_.remove(line.socket);
}

bool ControlPath::bind(const Endpoint& endpoint) {
    return bind_tcp(router_, endpoint);
}

void ControlPath::unbind(const Endpoint& endpoint) {
    router_.unbind(tcp_address(endpoint));
}

void ControlPath::bind_abstract(const std::string& name) {
    router_.bind(abstract_address(name));
}

void ControlPath::send(const std::string& to, std::string_view message) {
    auto line = lines_.find(to);
    if (line == lines_.end()) {
        zmq::socket_t socket;
        try {
            socket = zmq::socket_t(context_, zmq::socket_type::dealer);
            socket.set(zmq::sockopt::linger, leave_linger_ms);
            socket.set(zmq::sockopt::maxmsgsize, message_size_bytes_max);
            socket.set(zmq::sockopt::handshake_ivl, handshake_patience_ms);
            socket.set(zmq::sockopt::ipv6, true);
            socket.connect(to);
        } catch (const zmq::error_t& error) {
            return dropped_(to + ": " + error.what());
        }
        line = lines_.emplace(to, Line{std::move(socket), now()}).first;
        auto& kept = line->second.socket;
        reactor_.add(kept, [this, &kept, to] { receive_from(kept, to); });
    }
    line->second.used_at = now();
    if (!line->second.socket.send(zmq::buffer(message), zmq::send_flags::dontwait))
        dropped_(to + " does not take any more");
    reactor_.used(line->second.socket);
}

void ControlPath::answer(const std::string& route, std::string_view message) {
    try {
        if (router_.send(zmq::buffer(route), zmq::send_flags::sndmore | zmq::send_flags::dontwait))
            router_.send(zmq::buffer(message), zmq::send_flags::dontwait);
        reactor_.used(router_);
    } catch (const zmq::error_t& error) {
        dropped_(error.what());
    }
}

void ControlPath::hang_up(const std::string& to) {
    const auto line = lines_.find(to);
    if (line == lines_.end())
        return;
    reactor_.remove(line->second.socket);
    line->second.socket.set(zmq::sockopt::linger, 0);
    lines_.erase(line);
}

void ControlPath::close_idle(TimePoint now) {
    for (auto line = lines_.begin(); line != lines_.end();) {
        const auto here = line++;
        if (now - here->second.used_at < idle_max)
            continue;
        reactor_.remove(here->second.socket);
        lines_.erase(here);
    }
}

void ControlPath::receive_from(zmq::socket_t& socket, const std::string& dialled) {
    // The callback may hang up the line that this socket belongs to, so nothing of it is used
    // after the last callback of a turn: messages are collected first.
    std::vector<std::pair<Sender, zmq::message_t>> received;
    for (int i = 0; i < messages_a_turn; ++i) {
        Sender sender;
        zmq::message_t part;
        if (!socket.recv(part, zmq::recv_flags::dontwait))
            break;
        if (dialled.empty()) {
            sender.route = part.to_string();
            if (!part.more() || !socket.recv(part, zmq::recv_flags::dontwait))
                continue;
            quota_.received(part);
        }
        const bool is_single = !part.more();
        zmq::message_t rest;
        while (socket.get(zmq::sockopt::rcvmore))
            if (!socket.recv(rest, zmq::recv_flags::dontwait))
                break;
        if (!is_single)
            continue;
        sender.host = host_of(zmq_msg_gets(part.handle(), "Peer-Address"));
        sender.dialled = dialled;
        received.emplace_back(std::move(sender), std::move(part));
    }
    for (const auto& [sender, message] : received)
        receive_(Bytes(static_cast<const std::byte*>(message.data()), message.size()), sender);
}

} // namespace mesh
