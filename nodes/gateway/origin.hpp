#pragma once

#include "mesh/base/endpoint.hpp"
#include "nodes/gateway/http_message.hpp"

namespace nodes {

/// Keeps web pages of others out: a browser on this machine reaches a gateway on loopback, and any
/// page may make it try. A page says where it comes from in `Origin`; one whose name was pointed at
/// this machine (DNS rebinding) needs none for reading, but says its name in `Host`.
/// `listen` is where the gateway listens, with its real port. Off loopback any `Host` will do:
/// names of this machine are not known here. Errors: 403.
OrRefusal<void> check_origin(const HttpRequest& request, const mesh::Endpoint& listen);

} // namespace nodes
