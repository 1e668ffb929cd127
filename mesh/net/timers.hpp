#pragma once

#include "mesh/base/time.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace mesh {

using TimerId = std::uint64_t;

/// What is due when. Pure: `now` is passed in. One thread uses it.
class Timers {
public:
    using Callback = std::function<void()>;

    /// Calls back once at `due`, or from then on every `interval` when that is positive.
    TimerId add(TimePoint due, Duration interval, Callback callback);

    /// Does nothing for a timer that is over.
    void cancel(TimerId id);

    /// Runs what is due. Returns how late the latest of it was. A callback may add and cancel.
    Duration run(TimePoint now);

    /// When the next one is due.
    std::optional<TimePoint> next() const;

private:
    struct Timer {
        Duration interval;
        Callback callback;
    };

    using Key = std::pair<TimePoint, TimerId>;

    std::map<Key, Timer> timers_;
    std::map<TimerId, TimePoint> due_;
    TimerId last_id_ = 0;
};

} // namespace mesh
