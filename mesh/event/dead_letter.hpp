#pragma once

#include "mesh/event/owned_event.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace mesh {

/// Why an event is not handled, or not emitted.
enum class DeadReason : std::uint8_t {
    failed,     ///< its handler failed on it as often as it is tried
    undeclared, ///< its handler said something that it does not declare: no further try helps
    expired,    ///< it was older than its time to live
    rounds,     ///< it would go around an allowed loop more often than that allows
    rank,       ///< only a loop that nobody declared can have led to it
    unreadable, ///< its payload cannot be decompressed
};

/// The reason as one word, as the enumerator is called.
std::string_view to_text(DeadReason reason);

/// An event that will not be handled, and why. The events behind it go on.
struct DeadLetter {
    std::string handler; ///< that was to handle it; for `rounds` and `rank`, that emitted it
    DeadReason reason = DeadReason::failed;
    std::uint32_t attempts = 0; ///< how often the handler was called for it
    std::string error;          ///< what was said last, for people
    WallTime time;              ///< when it was given up, on this node's clock

    /// The event whole. One that was not emitted has the sequence 0.
    OwnedEvent event;

    /// The topics on the way to the event, oldest first, its own last, with a blank between: as far
    /// as the event carries it. Further back lead `event->cause->event` and the trace.
    std::string path;
};

/// Takes dead letters, from any thread that handles events. It must not throw.
using DeadLetterSink = std::function<void(const DeadLetter&)>;

} // namespace mesh
