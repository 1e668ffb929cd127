#pragma once

#include "mesh/flow/event_log.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace mesh {

/// What a publisher keeps beyond its memory: every event that a subscription may still need, in
/// order. The sequences have no holes, but for events that were damaged.
class Archive {
public:
    virtual ~Archive() = default;

    /// The oldest sequence that is held; one more than the newest when none is.
    virtual std::uint64_t first() const = 0;

    /// The first sequence that was published at this time or later, Unix epoch; one more than the
    /// newest when there is none. Nothing when that cannot be read now.
    virtual std::optional<std::uint64_t> first_since(std::uint64_t time_us) = 0;

    struct Stretch {
        std::span<const EventLog::Entry> entries; ///< what is not among them is damaged
        std::uint64_t reached = 0;                ///< the last sequence that it speaks of
    };

    /// Events from `from` on, which is held: about `size_bytes_max` of them, and at least one. They
    /// live until the next call. When nothing can be read now, `reached` is less than `from`.
    virtual Stretch read(std::uint64_t from, std::size_t size_bytes_max) = 0;

protected:
    Archive() = default;
    Archive(const Archive&) = default;
    Archive& operator=(const Archive&) = default;
};

} // namespace mesh
