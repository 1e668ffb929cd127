#pragma once

#include "mesh/base/endpoint.hpp"

#include <zmq.hpp>

#include <string>

namespace mesh {

/// `tcp://HOST:PORT` as ZeroMQ wants it.
std::string tcp_address(const Endpoint& endpoint);

/// `ipc://@NAME`: an abstract UNIX socket, which needs no file.
std::string abstract_address(const std::string& name);

/// Binds. False when the port is taken; throws zmq::error_t for anything else.
bool bind_tcp(zmq::socket_t& socket, const Endpoint& endpoint);

/// Whether the address can be listened on at all.
bool can_bind(zmq::context_t& context, const std::string& host);

} // namespace mesh
