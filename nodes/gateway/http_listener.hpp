#pragma once

#include "mesh/base/endpoint.hpp"
#include "nodes/cli/file_descriptor.hpp"

namespace nodes {

/// A TCP socket that listens and does not block.
struct HttpListener {
    FileDescriptor socket;
    mesh::Endpoint endpoint; ///< with the real port
};

/// Port 0 is a free one. Throws std::runtime_error when the address is taken or not of this
/// machine.
HttpListener listen_at(const mesh::Endpoint& endpoint);

} // namespace nodes
