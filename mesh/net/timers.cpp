#include "mesh/net/timers.hpp"

#include <algorithm>

namespace mesh {

TimerId Timers::add(TimePoint due, Duration interval, Callback callback) {
    const auto id = ++last_id_;
    timers_.emplace(Key{due, id}, Timer{interval, std::move(callback)});
    due_[id] = due;
    return id;
}

void Timers::cancel(TimerId id) {
    const auto found = due_.find(id);
    if (found == due_.end())
        return;
    timers_.erase({found->second, id});
    due_.erase(found);
}

Duration Timers::run(TimePoint now) {
    Duration lateness{};
    // What is added or repeated while this runs has its turn in the next run, so that a timer
    // without interval cannot keep the loop.
    const auto last = last_id_;
    while (!timers_.empty() && timers_.begin()->first.first <= now) {
        const auto first = timers_.begin();
        const auto [due, id] = first->first;
        if (id > last)
            break;
        lateness = std::max(lateness, now - due);
        auto timer = std::move(first->second);
        timers_.erase(first);
        due_.erase(id);
        auto callback = timer.callback;
        if (timer.interval > Duration{}) {
            const auto again = std::max(due + timer.interval, now + Duration{1});
            timers_.emplace(Key{again, id}, std::move(timer));
            due_[id] = again;
        }
        callback();
    }
    return lateness;
}

std::optional<TimePoint> Timers::next() const {
    return timers_.empty() ? std::nullopt : std::optional(timers_.begin()->first.first);
}

} // namespace mesh
