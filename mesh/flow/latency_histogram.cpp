#include "mesh/flow/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace mesh {

std::size_t LatencyHistogram::bucket_of(std::uint64_t microseconds) {
    if (microseconds < 16)
        return static_cast<std::size_t>(microseconds);
    const auto power = static_cast<unsigned>(std::bit_width(microseconds)) - 5; // of the width
    const auto bucket = 16 * power + static_cast<std::size_t>(microseconds >> power);
    return std::min(bucket, bucket_count - 1);
}

std::uint64_t LatencyHistogram::highest_in(std::size_t bucket) {
    if (bucket < 32)
        return bucket;
    const auto power = bucket / 16 - 1;
    return ((std::uint64_t{bucket} - 16 * power + 1) << power) - 1;
}

void LatencyHistogram::add(std::uint64_t microseconds, std::uint32_t count) {
    buckets_[bucket_of(microseconds)] += count;
    count_ += count;
}

std::uint64_t LatencyHistogram::percentile_us(double share) const {
    const auto wanted = std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
        seen += buckets_[bucket];
        if (seen >= wanted)
            return highest_in(bucket);
    }
    return 0;
}

} // namespace mesh
