#pragma once

#include "mesh/event/event.hpp"
#include "mesh/node/emitter.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace mesh {

/// Takes one event; what it emits leaves when it has returned. Throwing counts as failed.
using HandlerFunction = std::function<void(const Event&, Emitter&)>;

/// Events that a handler will not get: how many, of which source. Of those that it wants after
/// `after` up to `until`, it gets none.
struct Gap {
    NodeId source;
    std::string service; ///< of the source
    std::uint64_t count = 0;
    std::uint64_t after = 0; ///< the gap lies after this sequence
    std::uint64_t until = 0; ///< and up to this one
};

} // namespace mesh
