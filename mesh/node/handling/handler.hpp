#pragma once

#include "mesh/event/event.hpp"
#include "mesh/event/owned_event.hpp"
#include "mesh/node/handling/emitter.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// Takes one event; what it emits leaves when it has returned. Throwing counts as failed.
using HandlerFunction = std::function<void(const Event&, Emitter&)>;

/// Thrown by a handler that will handle nothing any more: the event stays unacknowledged.
struct Abandoned {};

/// One beat of a timed handler.
struct Beat {
    std::uint64_t skipped = 0; ///< beats that passed since the last one, because it still ran

    /// The last event of each of the handler's `after` patterns, in their order; nothing where none
    /// came yet.
    const std::vector<std::optional<OwnedEvent>>& last;
};

/// Is called at each beat; what it emits leaves when it has returned.
using BeatFunction = std::function<void(const Beat&, Emitter&)>;

/// The idempotency keys that a handler has dealt with. Called under a lock, so from one thread at
/// a time.
struct SeenKeys {
    std::function<bool(std::string_view key)> has;
    std::function<void(std::string_view key)> add;
};

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
