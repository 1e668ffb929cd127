#pragma once

#include "mesh/base/time.hpp"

#include <chrono>

namespace nodes {

/// How long to wait before a process that failed is started again: 100 ms at first, twice as long
/// each time, at most 10 s, less a random part of up to a half, so that services which failed
/// together do not return together. A life of 10 s begins anew. Pure: it reads no clock.
class Backoff {
public:
    static constexpr mesh::Duration step_min = std::chrono::milliseconds(100);
    static constexpr mesh::Duration step_max = std::chrono::seconds(10);
    static constexpr mesh::Duration life_to_forgive = std::chrono::seconds(10);

    /// The wait after a life from `started` to `ended`. `random` is from [0, 1).
    mesh::Duration after_life(mesh::TimePoint started, mesh::TimePoint ended, double random);

private:
    mesh::Duration step_ = step_min;
};

} // namespace nodes
