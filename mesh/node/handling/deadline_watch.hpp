#pragma once

#include "mesh/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace mesh {

/// Says in the log when a handler takes longer for an attempt than its deadline, while it still
/// does. Any thread.
class DeadlineWatch {
public:
    /// A deadline of zero is none: then nothing is watched.
    DeadlineWatch(std::string handler, Duration deadline)
        : handler_(std::move(handler)), deadline_(deadline) {}

    using Ticket = std::uint64_t;

    /// An attempt begins at `now`. `what` names it for people, such as the event's topic and id.
    Ticket begin(std::string what, TimePoint now);

    /// The attempt is over. True when it took longer than the deadline.
    bool end(Ticket ticket, TimePoint now);

    /// Says what has come to take too long since the last call, once each. Returns how many.
    std::size_t look(TimePoint now);

    Duration deadline() const { return deadline_; }

private:
    struct Attempt {
        std::string what;
        TimePoint began;
        bool is_told = false;
    };

    bool tell(Attempt& attempt) const;

    std::string handler_;
    Duration deadline_;
    std::mutex mutex_; ///< guards the rest
    std::map<Ticket, Attempt> attempts_;
    Ticket last_ = 0;
};

} // namespace mesh
