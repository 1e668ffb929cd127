#pragma once

#include <zmq.hpp>

#include <cstddef>
#include <memory>

namespace mesh {

/// Messages to be sent, in memory that is used again once ZeroMQ is done with it: taken from the
/// heap anew, a message of 128 KiB would cost 32 page faults each time. What was sent lately is
/// also what the processor still has at hand. Any thread; messages may outlive it.
class MessageBuffers {
public:
    MessageBuffers();

    /// A message of that size, to be filled.
    zmq::message_t message(std::size_t size_bytes);

private:
    class Spares;

    std::shared_ptr<Spares> spares_;
};

} // namespace mesh
