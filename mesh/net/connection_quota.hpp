#pragma once

#include "mesh/base/log.hpp"
#include "mesh/net/reactor.hpp"

#include <zmq.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace mesh {

/// Cuts TCP connections to a bound socket that send and send and never finish a message. ZeroMQ
/// 4.3.4 limits the size of a frame, but keeps all frames of a message until the last one has come:
/// without this, whoever can connect could fill the memory.
///
/// What a connection has unfinished is what the kernel has received on it (tcp_info) since the
/// last look at which a whole message of it had come out. It lives on the loop's thread and costs
/// nothing while nobody is connected over TCP. Connections over UNIX sockets have no such count:
/// they are of this machine, and unbounded.
class ConnectionQuota {
public:
    /// Watches `socket`, which has to outlive it; to be made before the socket is bound.
    ConnectionQuota(zmq::context_t& context, Reactor& reactor, zmq::socket_t& socket);
    ~ConnectionQuota();
    ConnectionQuota(const ConnectionQuota&) = delete;
    ConnectionQuota& operator=(const ConnectionQuota&) = delete;

    /// Tells of each whole message, by any of its frames.
    void received(zmq::message_t& message);

    /// More than any message has. Empty frames, the worst there is, cost ZeroMQ 32 times as much.
    static constexpr std::uint64_t unfinished_size_bytes_max = std::uint64_t{2} << 20U;
    static constexpr std::uint64_t all_unfinished_size_bytes_max = std::uint64_t{64} << 20U;

private:
    struct Connection {
        std::string peer;                 ///< its address, which tells it from a successor
        std::uint64_t finished_bytes = 0; ///< what had come when it last finished a message
        std::uint64_t unfinished_bytes = 0;
        bool has_finished_one = true; ///< since the last look
        bool is_suspect = false;      ///< had too much at the last look already
    };

    using Connections = std::unordered_map<int, Connection>;

    void read_news();
    void look();
    Connections::iterator cut(Connections::iterator connection);

    Reactor& reactor_;
    zmq::socket_t& socket_;
    zmq::socket_t news_;      ///< of connections that come and go
    Connections connections_; ///< over TCP, by descriptor
    std::optional<TimerId> looking_;
    bool was_over_ = false; ///< all together had too much at the last look
    CountedWarning cut_{"connection cut that never finishes a message"};
};

} // namespace mesh
