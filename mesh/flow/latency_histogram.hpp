#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace mesh {

/// Counts durations in buckets that are at most 1/16 wide, so that a percentile read from it is
/// off by less than 7 %. Fixed size, no allocation.
class LatencyHistogram {
public:
    void add(std::uint64_t microseconds, std::uint32_t count = 1);

    /// The duration that `share` (0 to 1) of the counted ones do not exceed; 0 when none is.
    std::uint64_t percentile_us(double share) const;

    std::uint64_t count() const { return count_; }

    /// Durations of the same bucket are counted alike.
    static std::size_t bucket_of(std::uint64_t microseconds);

private:
    // 16 buckets for each power of two of a 40-bit number of microseconds (12 days).
    static constexpr std::size_t bucket_count = 16 * 38;

    static std::uint64_t highest_in(std::size_t bucket);

    std::array<std::uint32_t, bucket_count> buckets_{};
    std::uint64_t count_ = 0;
};

} // namespace mesh
