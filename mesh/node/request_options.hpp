#pragma once

#include "mesh/base/time.hpp"
#include "mesh/event/event.hpp"

namespace mesh {

/// What may be said of a request beside topic and payload.
struct RequestOptions {
    /// How long to wait for the reply, the time to publish included.
    Duration deadline = std::chrono::seconds(5);

    EventOptions event = {};
};

} // namespace mesh
