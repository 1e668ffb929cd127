#include "mesh/node/handling/deadline_watch.hpp"

#include "mesh/base/log.hpp"
#include "mesh/base/quantity.hpp"

#include <utility>

namespace mesh {

DeadlineWatch::Ticket DeadlineWatch::begin(std::string what, TimePoint now) {
    const std::lock_guard lock(mutex_);
    attempts_.emplace(++last_, Attempt{std::move(what), now});
    return last_;
}

bool DeadlineWatch::end(Ticket ticket, TimePoint now) {
    const std::lock_guard lock(mutex_);
    const auto found = attempts_.find(ticket);
    const bool is_late = now - found->second.began > deadline_;
    if (is_late)
        tell(found->second);
    attempts_.erase(found);
    return is_late;
}

std::size_t DeadlineWatch::look(TimePoint now) {
    const std::lock_guard lock(mutex_);
    std::size_t told = 0;
    for (auto& [ticket, attempt] : attempts_)
        if (now - attempt.began > deadline_ && tell(attempt))
            ++told;
    return told;
}

bool DeadlineWatch::tell(Attempt& attempt) const {
    if (std::exchange(attempt.is_told, true))
        return false;
    log(LogLevel::error, "handler " + handler_ + " takes longer than its deadline of " +
                             to_text(deadline_) + " for " + attempt.what);
    return true;
}

} // namespace mesh
