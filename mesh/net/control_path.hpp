#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/endpoint.hpp"
#include "mesh/base/log.hpp"
#include "mesh/base/time.hpp"
#include "mesh/net/connection_quota.hpp"
#include "mesh/net/reactor.hpp"

#include <zmq.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// Carries single messages between nodes, beside the events: a ROUTER that others dial, and a
/// DEALER for each node that this one dials, opened when needed and closed when idle for 10 s.
/// What cannot be sent is dropped and counted: every message of the control path is asked again.
class ControlPath {
public:
    /// Where a message came from.
    struct Sender {
        std::string route;   ///< to answer by; empty when it answered one of ours
        std::string host;    ///< the address of the connection
        std::string dialled; ///< the address that this node dialled, when it answered one of ours
    };

    using Receive = std::function<void(Bytes message, const Sender& sender)>;

    ControlPath(zmq::context_t& context, Reactor& reactor, Receive receive);
    ~ControlPath();
    ControlPath(const ControlPath&) = delete;
    ControlPath& operator=(const ControlPath&) = delete;

    /// Listens there. False when the port is taken; throws zmq::error_t for anything else.
    bool bind(const Endpoint& endpoint);
    void unbind(const Endpoint& endpoint);

    /// Listens on an abstract UNIX socket too, for nodes of the same machine: it costs them half of
    /// what a connection over TCP does.
    void bind_abstract(const std::string& name);

    /// Sends to an address as `tcp_address` and `abstract_address` give it.
    void send(const std::string& to, std::string_view message);

    /// Sends on the connection that a message came by.
    void answer(const std::string& route, std::string_view message);

    /// Gives up a connection that does not answer: after a refusal ZeroMQ's own attempts can stop
    /// for good. The next `send` dials afresh.
    void hang_up(const std::string& to);

    void close_idle(TimePoint now);

private:
    struct Line {
        zmq::socket_t socket;
        TimePoint used_at;
    };

    /// `dialled` is empty for the ROUTER.
    void receive_from(zmq::socket_t& socket, const std::string& dialled);

    zmq::context_t& context_;
    Reactor& reactor_;
    Receive receive_;
    zmq::socket_t router_;
    ConnectionQuota quota_;             ///< of the ROUTER
    std::map<std::string, Line> lines_; ///< by address
    CountedWarning dropped_{"control message not sent"};
};

} // namespace mesh
