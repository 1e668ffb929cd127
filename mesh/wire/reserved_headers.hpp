#pragma once

#include "mesh/base/result.hpp"
#include "mesh/event/event.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mesh {

/// Headers of which the name begins so are the mesh's own: nobody else may set them.
inline constexpr std::string_view reserved_prefix = "dagmesh-";

/// What the mesh itself says in an event's headers.
struct ReservedHeaders {
    std::optional<std::chrono::milliseconds> time_to_live; ///< `dagmesh-ttl-ms`, decimal
    std::int32_t priority = 0;                             ///< `dagmesh-priority`, decimal
    std::string idempotency_key;                           ///< `dagmesh-idempotency-key`
    std::uint64_t request = 0; ///< `dagmesh-request`, decimal: who publishes it waits for a Reply
};

/// Reads them. What is malformed counts as not there.
ReservedHeaders reserved_headers(Bytes headers);

/// Whether an event has any headers because of these options.
inline bool has_headers(const EventOptions& options) {
    return !options.headers.empty() || options.time_to_live || options.priority != 0 ||
           !options.idempotency_key.empty();
}

/// The encoded headers of an event: those given in the options, and the mesh's own.
/// Errors: `invalid` for a name that is reserved, a time to live that is negative, and an
/// idempotency key that is too long.
Result<std::string> encode_event_headers(const EventOptions& options, std::uint64_t request = 0);

/// The same headers without the time to live. What cannot be read comes back as it is.
std::string without_time_to_live(Bytes headers);

} // namespace mesh
