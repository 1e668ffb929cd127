#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/node_id.hpp"
#include "mesh/base/time.hpp"
#include "mesh/event/delivery.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mesh {

/// Longest key of an event.
inline constexpr std::size_t key_size_bytes_max = 256;
/// Longest content type.
inline constexpr std::size_t content_type_size_bytes_max = 255;
/// All headers of an event together, encoded.
inline constexpr std::size_t headers_size_bytes_max = 4096;
/// Largest payload.
inline constexpr std::size_t payload_size_bytes_max = 1024 * 1024;

/// Content type of a payload that says nothing else.
inline constexpr std::string_view default_content_type = "application/msgpack";

/// Names one event for good: its source, which run of the source, and its number in that run.
struct EventId {
    NodeId source;
    std::uint32_t incarnation = 0;
    std::uint64_t sequence = 0;

    auto operator<=>(const EventId&) const = default;
};

/// `SOURCE.INCARNATION.SEQUENCE`, the source in hexadecimal.
std::string to_string(const EventId& id);

/// W3C Trace Context: the trace that a chain of events belongs to.
using TraceId = std::array<std::byte, 16>;

/// Why an event was emitted. An event without a cause is the root of its chain.
struct Cause {
    EventId event;           ///< the one whose handler emitted it
    TraceId trace{};         ///< the trace of the root
    std::uint16_t rank = 0;  ///< events since the root, or since the last round of an allowed loop
    std::uint8_t chain = 0;  ///< longest chain known to any node on the way, in steps of 16
    std::uint8_t rounds = 0; ///< how often it took an allowed loop

    /// The topics on the way here, oldest first, with a blank between; only with rounds, and no
    /// more than the last 64.
    std::string_view path;

    bool operator==(const Cause&) const = default;
};

/// The trace of a root event, derived from its id, so that it need not travel.
TraceId trace_of_root(const EventId& id);

/// One fact. All views live until the handler that was given the event returns.
struct Event {
    std::string_view topic;
    EventId id;
    std::string_view service; ///< of the source
    WallTime time;            ///< when it was published, on the source's clock
    std::string_view key;     ///< empty: none
    std::string_view content_type = default_content_type;
    Bytes headers; ///< encoded; read them with mesh::headers_of (mesh/wire/payload.hpp)
    std::optional<Cause> cause;
    Bytes payload;

    /// Names this event to the outside on behalf of a handler: the same for each attempt and each
    /// time that the event comes, another one for each event and handler. For services that take
    /// an idempotency key.
    std::string idempotency_key(std::string_view handler) const;

    /// The trace that this event belongs to.
    TraceId trace() const { return cause ? cause->trace : trace_of_root(id); }
};

/// A payload and what it is. Made by mesh::pack (mesh/wire/payload.hpp) or from text.
struct Payload {
    std::string bytes;
    std::string content_type{default_content_type};

    /// Text, as `text/plain`.
    static Payload text(std::string text) { return {std::move(text), "text/plain"}; }
};

/// Topics that an event's path holds at most, and how long it is then.
inline constexpr std::size_t path_topics_max = 64;
inline constexpr std::size_t path_size_bytes_max = path_topics_max * 201;

/// What may be said of an event beside topic and payload.
struct EventOptions {
    std::string key = {};
    /// Names that begin with `dagmesh-` are refused: they are the mesh's own.
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::optional<Level> level = {}; ///< instead of the one that the topic has
    /// An event that is older than this is not handled any more: it becomes a dead letter. Judged
    /// by both clocks, rounded up to milliseconds.
    std::optional<Duration> time_to_live = {};
    /// Lanes with the order `priority` take higher ones first.
    std::int32_t priority = 0;
    /// A handler ignores an event of which it has handled this key already; at most 256 bytes.
    std::string idempotency_key = {};
};

/// An event as whoever publishes it sees it.
struct NewEvent {
    std::string topic;
    Payload payload = {};
    EventOptions options = {};
};

} // namespace mesh
