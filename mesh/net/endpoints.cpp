#include "mesh/net/endpoints.hpp"

#include <cerrno>

namespace mesh {

std::string tcp_address(const Endpoint& endpoint) {
    return "tcp://" + to_string(endpoint);
}

std::string abstract_address(const std::string& name) {
    return "ipc://@" + name;
}

bool bind_tcp(zmq::socket_t& socket, const Endpoint& endpoint) {
    if (endpoint.host.find(':') != std::string::npos)
        socket.set(zmq::sockopt::ipv6, true);
    try {
        socket.bind(tcp_address(endpoint));
    } catch (const zmq::error_t& error) {
        if (error.num() == EADDRINUSE)
            return false;
        throw;
    }
    return true;
}

bool can_bind(zmq::context_t& context, const std::string& host) {
    zmq::socket_t socket(context, zmq::socket_type::sub);
    socket.set(zmq::sockopt::ipv6, true);
    try {
        socket.bind("tcp://[" + host + "]:*");
    } catch (const zmq::error_t&) {
        return false;
    }
    return true;
}

} // namespace mesh
