#pragma once

#include <chrono>

namespace mesh {

/// Time for waiting and judging: never jumps, means nothing to another machine.
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;

/// Time for people and for the wire: microseconds since the Unix epoch, may jump.
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

inline TimePoint now() {
    return Clock::now();
}

inline WallTime wall_now() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
}

} // namespace mesh
