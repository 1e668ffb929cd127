#include "nodes/process/backoff.hpp"

#include <algorithm>
#include <cassert>

namespace nodes {

mesh::Duration Backoff::after_life(mesh::TimePoint started, mesh::TimePoint ended, double random) {
    assert(random >= 0 && random < 1);
    if (ended - started >= life_to_forgive)
        step_ = step_min;
    const auto step = step_;
    step_ = std::min(2 * step_, step_max);
    return std::chrono::duration_cast<mesh::Duration>(step * (1 - random / 2));
}

} // namespace nodes
