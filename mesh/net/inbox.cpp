#include "mesh/net/inbox.hpp"

#include "mesh/net/endpoints.hpp"

#include <utility>

namespace mesh {

namespace {

constexpr int batches_high_water = 16;
constexpr int handshake_patience_ms = 5000;
constexpr std::int64_t batch_size_limit = 2 * 1024 * 1024;
constexpr int batches_a_turn = 64;

} // namespace

Inbox::Inbox(zmq::context_t& context, Reactor& reactor, Receive receive)
    : reactor_(reactor),
      receive_(std::move(receive)),
      socket_(context, zmq::socket_type::sub),
      quota_(context, reactor, socket_) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::rcvhwm, batches_high_water);
    socket_.set(zmq::sockopt::maxmsgsize, batch_size_limit);
    socket_.set(zmq::sockopt::handshake_ivl, handshake_patience_ms);
    socket_.set(zmq::sockopt::subscribe, "");
    reactor_.add(socket_, [this] { receive_all(); });
}

Inbox::~Inbox() {
    reactor_.remove(socket_);
}

bool Inbox::bind(const Endpoint& endpoint) {
    return bind_tcp(socket_, endpoint);
}

void Inbox::unbind(const Endpoint& endpoint) {
    socket_.unbind(tcp_address(endpoint));
}

void Inbox::bind_abstract(const std::string& name) {
    socket_.bind(abstract_address(name));
}

void Inbox::receive_all() {
    for (int i = 0; i < batches_a_turn; ++i) {
        auto message = std::make_shared<zmq::message_t>();
        if (!socket_.recv(*message, zmq::recv_flags::dontwait))
            return;
        quota_.received(*message);
        if (message->more()) {
            zmq::message_t rest;
            do {
                if (!socket_.recv(rest, zmq::recv_flags::dontwait))
                    break;
            } while (rest.more());
            odd_("a batch is one frame");
            continue;
        }
        receive_(std::move(message));
    }
}

} // namespace mesh
