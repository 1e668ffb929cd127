#pragma once

#include "mesh/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <string_view>

namespace mesh {

/// What a commit survives.
enum class Sync {
    normal, ///< the death of the process; after power loss the last commits may be missing
    power,  ///< power loss too: every commit waits for the disk
};

/// What happens when a journal has reached its bound.
enum class WhenFull : std::uint8_t {
    refuse, ///< nothing is appended until somebody has acknowledged
    trim,   ///< the oldest events go
};

struct JournalOptions {
    std::uint64_t size_bytes_max = std::uint64_t{1} << 30U; ///< of the rows, not of the file
    std::uint64_t count_max = std::numeric_limits<std::uint64_t>::max();
    std::chrono::microseconds age_max = std::chrono::hours(24 * 7);
    WhenFull full = WhenFull::refuse;

    /// Of rows that everybody has processed: they stay for who asks for what was, but never take
    /// more than a quarter of the bounds.
    std::uint64_t kept_size_bytes_max = std::uint64_t{64} << 20U;

    bool operator==(const JournalOptions&) const = default;
};

/// `normal` or `power`. Errors: `invalid`.
Result<Sync> parse_sync(std::string_view text);

/// Bounds of a journal as people write them, what is not named as it is by default:
/// `size=1GiB,count=1000000,age=7d,keep=64MiB,full=refuse|trim`. Errors: `invalid`, naming the
/// entry.
Result<JournalOptions> parse_journal_options(std::string_view text);

} // namespace mesh
