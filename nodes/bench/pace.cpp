#include "nodes/bench/pace.hpp"

#include <chrono>
#include <sched.h>

namespace nodes {

namespace {

constexpr std::uint64_t clock_every = 64; ///< events between two looks at the clock

std::int64_t now_ns() {
    return std::chrono::nanoseconds(mesh::now().time_since_epoch()).count();
}

} // namespace

Pace::Pace(const Part& part)
    : started_ns_(now_ns()),
      time_ns_(std::chrono::nanoseconds(part.time).count()),
      gap_ns_(part.rate > 0 ? 1e9 / part.rate : 0) {}

bool Pace::wait(std::uint64_t number) {
    if (gap_ns_ == 0)
        return number % clock_every != 0 || now_ns() - started_ns_ < time_ns_;
    const auto after_ns = static_cast<std::int64_t>(gap_ns_ * static_cast<double>(number));
    if (after_ns >= time_ns_)
        return false;
    due_ns_ = started_ns_ + after_ns;
    // To sleep would add how late the kernel wakes it up to what is measured.
    while (now_ns() < due_ns_)
        sched_yield();
    return true;
}

} // namespace nodes
