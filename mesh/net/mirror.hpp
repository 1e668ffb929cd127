#pragma once

#include <zmq.hpp>

#include <mutex>
#include <string>
#include <string_view>

namespace mesh {

/// A plain PUB for programs outside the mesh: two frames a message, the first to subscribe by.
/// Best effort: who is slow or late misses something.
class Mirror {
public:
    /// Throws std::runtime_error when it cannot bind.
    explicit Mirror(const std::string& address);

    /// Any thread.
    void send(std::string_view topic, std::string_view body);

private:
    zmq::context_t context_;
    std::mutex mutex_; ///< guards socket_
    zmq::socket_t socket_;
};

} // namespace mesh
