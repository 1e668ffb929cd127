#pragma once

#include <zmq.hpp>

#include <string>
#include <string_view>

namespace mesh {

/// Raises what the process may open (RLIMIT_NOFILE, and libzmq's own 1,023 sockets), as far as the
/// system lets it, and has the heap of the process keep 4 MiB that are free. One a node.
zmq::context_t make_context();

/// Names the sockets that nodes of this machine and network namespace can reach each other by:
/// equal for them, different for others. A hash of the boot id and the namespace.
std::uint64_t machine_identity();

} // namespace mesh
