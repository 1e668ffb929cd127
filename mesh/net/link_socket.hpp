#pragma once

#include "mesh/net/message_buffers.hpp"

#include <zmq.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace mesh {

/// The publisher's end of one link: an XPUB connected to one peer's inbox. It never drops and never
/// waits. It never enters a poll: a loop watches `fd` and then asks `look`, under the lock that
/// also guards `send`, so that any thread may send.
class LinkSocket {
public:
    /// `buffers` outlives it.
    LinkSocket(zmq::context_t& context, const std::string& address, MessageBuffers& buffers);

    /// Sends one message of `size_bytes` that `write` fills. False when the peer takes no more;
    /// then `write` was called in vain, and nothing changes before the socket is signalled.
    bool send(std::size_t size_bytes, const std::function<void(std::byte*)>& write);

    /// Whether the socket was told something since the last `look` or `send`: news, or that it may
    /// send more. What it says of itself does not help: an XPUB always says that it can send
    /// (libzmq 4.3.4).
    bool is_signalled() const;

    /// Takes what the socket was told. After that a send that failed may be tried again.
    void look();

    /// What happened on the socket.
    struct News {
        bool is_subscribed = false;   ///< the inbox is connected
        bool is_unsubscribed = false; ///< the inbox went away
    };

    /// What `look` and `send` have learned since the last call.
    News take_news() { return std::exchange(news_, {}); }

    /// Becomes readable when the socket is signalled.
    int fd() const { return fd_; }

private:
    bool try_to_send(zmq::message_t& message);

    zmq::socket_t socket_;
    MessageBuffers& buffers_;
    int fd_;
    News news_;
};

} // namespace mesh
