#include "mesh/net/mirror.hpp"

#include <stdexcept>

namespace mesh {

Mirror::Mirror(const std::string& address) : socket_(context_, zmq::socket_type::pub) {
    socket_.set(zmq::sockopt::linger, 0);
    try {
        socket_.bind(address);
    } catch (const zmq::error_t& error) {
        throw std::runtime_error("cannot bind " + address + ": " + error.what());
    }
}

void Mirror::send(std::string_view topic, std::string_view body) {
    const std::lock_guard lock(mutex_);
    socket_.send(zmq::buffer(topic), zmq::send_flags::sndmore);
    socket_.send(zmq::buffer(body), zmq::send_flags::none);
}

} // namespace mesh
