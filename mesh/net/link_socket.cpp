#include "mesh/net/link_socket.hpp"

#include <cerrno>
#include <poll.h>

namespace mesh {

namespace {

/// Calls ZeroMQ again when a signal came in between.
template <class Call>
auto uninterrupted(Call call) {
    for (;;) {
        try {
            return call();
        } catch (const zmq::error_t& error) {
            if (error.num() != EINTR)
                throw;
        }
    }
}

constexpr int batches_high_water = 16;
constexpr int handshake_patience_ms = 5000;

} // namespace

LinkSocket::LinkSocket(zmq::context_t& context, const std::string& address, MessageBuffers& buffers)
    : socket_(context, zmq::socket_type::xpub), buffers_(buffers) {
    socket_.set(zmq::sockopt::xpub_nodrop, true);
    socket_.set(zmq::sockopt::sndhwm, batches_high_water);
    socket_.set(zmq::sockopt::linger, 0);
    // No reconnect of its own: stale batches would reach the next process at the address.
    socket_.set(zmq::sockopt::reconnect_ivl, -1);
    socket_.set(zmq::sockopt::handshake_ivl, handshake_patience_ms);
    socket_.set(zmq::sockopt::ipv6, true);
    socket_.connect(address);
    fd_ = socket_.get(zmq::sockopt::fd);
}

bool LinkSocket::send(std::size_t size_bytes, const std::function<void(std::byte*)>& write) {
    auto message = buffers_.message(size_bytes);
    write(static_cast<std::byte*>(message.data()));
    if (try_to_send(message))
        return true;
    // There may be room that the socket was told of and has not taken note of.
    look();
    return try_to_send(message);
}

bool LinkSocket::try_to_send(zmq::message_t& message) {
    return uninterrupted(
        [&] { return socket_.send(message, zmq::send_flags::dontwait).has_value(); });
}

bool LinkSocket::is_signalled() const {
    pollfd item{fd_, POLLIN, 0};
    return poll(&item, 1, 0) > 0;
}

void LinkSocket::look() {
    for (;;) {
        const auto events = uninterrupted([&] { return socket_.get(zmq::sockopt::events); });
        if ((events & ZMQ_POLLIN) == 0)
            return;
        zmq::message_t notice;
        const auto size =
            uninterrupted([&] { return socket_.recv(notice, zmq::recv_flags::dontwait); });
        if (!size)
            return;
        if (notice.size() == 0)
            continue;
        if (*static_cast<const unsigned char*>(notice.data()) == 1)
            news_.is_subscribed = true;
        else
            news_.is_unsubscribed = true;
    }
}

} // namespace mesh
