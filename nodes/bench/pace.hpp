#pragma once

#include "mesh/base/time.hpp"
#include "nodes/bench/part.hpp"

#include <cstdint>

namespace nodes {

/// When a sender sends its events: one after the other until its time is over, or at a rate. Then
/// each has its moment, whatever became of those before: how late it is sent is part of how long it
/// takes. Begins when it is made.
class Pace {
public:
    explicit Pace(const Part& part);

    /// Waits for the moment of that event, from 0 on. False when the time is over.
    bool wait(std::uint64_t number);

    /// When the event was due that was waited for; 0 without a rate. On the monotonic clock.
    std::int64_t due_ns() const { return due_ns_; }

    std::int64_t started_ns() const { return started_ns_; }

private:
    std::int64_t started_ns_;
    std::int64_t time_ns_;
    double gap_ns_; ///< 0: no rate
    std::int64_t due_ns_ = 0;
};

} // namespace nodes
