#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/endpoint.hpp"
#include "mesh/base/log.hpp"
#include "mesh/net/connection_quota.hpp"
#include "mesh/net/reactor.hpp"

#include <zmq.hpp>

#include <functional>
#include <memory>
#include <string>

namespace mesh {

/// A message that keeps its bytes alive for whoever holds it.
using SharedMessage = std::shared_ptr<const zmq::message_t>;

inline Bytes bytes_of(const zmq::message_t& message) {
    return {static_cast<const std::byte*>(message.data()), message.size()};
}

/// Where the batches of all publishers arrive: one bound SUB.
class Inbox {
public:
    using Receive = std::function<void(SharedMessage)>;

    Inbox(zmq::context_t& context, Reactor& reactor, Receive receive);
    ~Inbox();
    Inbox(const Inbox&) = delete;
    Inbox& operator=(const Inbox&) = delete;

    /// Listens there. False when the port is taken; throws zmq::error_t for anything else.
    bool bind(const Endpoint& endpoint);
    void unbind(const Endpoint& endpoint);

    /// Listens on an abstract UNIX socket too, for nodes of the same machine.
    void bind_abstract(const std::string& name);

private:
    void receive_all();

    Reactor& reactor_;
    Receive receive_;
    zmq::socket_t socket_;
    ConnectionQuota quota_;
    CountedWarning odd_{"message of several frames dropped at the inbox"};
};

} // namespace mesh
