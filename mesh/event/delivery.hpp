#pragma once

#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mesh {

/// What is promised of an event; docs/delivery.md has the sentences.
enum class Level : std::uint8_t {
    fast,     ///< at most once; what is lost is counted and told
    reliable, ///< at least once while the publisher's process lives
    durable,  ///< at least once, whatever dies, to every subscription that is known
    once,     ///< the effects in the node's store, the emitted events and the place commit together
};

/// A level by its name, as manifests and options spell it. Errors: `invalid`, naming the four.
Result<Level> parse_level(std::string_view text);

std::string_view name_of(Level level);

/// In which order a handler's lane takes the events that wait.
enum class LaneOrder : std::uint8_t {
    fifo,
    lifo,
    priority,
    by_key, ///< one after the other within a key, side by side across keys
};

/// What happens to an event when a subscription has no room for it.
enum class Policy : std::uint8_t {
    block,       ///< the publisher waits
    drop_oldest, ///< what waits longest gives way
    drop_newest, ///< it is dropped itself
    latest,      ///< of each key only the newest stays
    spill,       ///< it waits on the publisher's disk
};

inline constexpr std::uint64_t policy_count = 5;

/// Who gets a handler's events when its service runs several times.
enum class GroupMode : std::uint8_t {
    share, ///< each event goes to one of them
    each,  ///< all get all
};

/// Whose acknowledgements are waited for.
enum class Whom : std::uint8_t {
    present, ///< of subscriptions that are linked
    known,   ///< for durable events also of those that are away and will come back
};

/// A subscription that has not acknowledged everything that was published for it.
struct Unacknowledged {
    std::string subscription;            ///< SERVICE/HANDLER/INSTANCE@NODE
    std::optional<std::uint64_t> events; ///< nothing: more than memory knows of
    bool is_away = false;                ///< not linked now
    bool is_owed = false;                ///< a journal keeps them for it, also beyond this run
};

/// How often a handler is called for one event that it fails on, and how long it waits in between.
struct Retry {
    std::uint32_t attempts = 1; ///< counts the first one
    Duration backoff_min{};     ///< before the second; doubles from there
    Duration backoff_max{};

    bool operator==(const Retry&) const = default;
};

} // namespace mesh
