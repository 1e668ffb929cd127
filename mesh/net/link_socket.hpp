#pragma once

#include <zmq.hpp>

#include <cstddef>
#include <functional>
#include <string>

namespace mesh {

/// The publisher's end of one link: an XPUB connected to one peer's inbox. It never drops and never
/// waits. It never enters a poll: a loop watches `fd` and then asks `look`, under the lock that
/// also guards `send`, so that any thread may send.
class LinkSocket {
public:
    LinkSocket(zmq::context_t& context, const std::string& address);

    /// Sends one message of `size_bytes` that `write` fills. False when the peer takes no more now;
    /// then `write` may have been called in vain.
    bool send(std::size_t size_bytes, const std::function<void(std::byte*)>& write);

    /// What happened on the socket since the last look.
    struct News {
        bool is_subscribed = false;   ///< the inbox is connected
        bool is_unsubscribed = false; ///< the inbox went away
        bool is_writable = false;     ///< a send would succeed now
    };

    News look();

    /// Becomes readable when there may be something to look at.
    int fd() const { return fd_; }

private:
    zmq::socket_t socket_;
    int fd_;
};

} // namespace mesh
