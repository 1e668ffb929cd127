#pragma once

#include "mesh/base/time.hpp"

#include <cstdint>

namespace mesh {

/// The wall's time, for whoever asks for it millions of times a second: it looks at the clock only
/// when, by the processor's own counter, something like a microsecond has passed since it last did.
/// Of one thread, or under a lock.
class BurstClock {
public:
    WallTime now() {
#if defined(__x86_64__)
        // Counters run at 1 to 5 GHz; on another processor this one may stand elsewhere, then the
        // difference is large.
        const std::uint64_t ticks = __builtin_ia32_rdtsc();
        if (ticks - read_at_ < ticks_max)
            return last_;
        read_at_ = ticks;
#endif
        return last_ = wall_now();
    }

private:
    static constexpr std::uint64_t ticks_max = 2'000;

    std::uint64_t read_at_ = 0;
    WallTime last_{};
};

} // namespace mesh
