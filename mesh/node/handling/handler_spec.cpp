#include "mesh/node/handling/handler_spec.hpp"

#include <stdexcept>
#include <string>

namespace mesh {

void check_spec(const HandlerSpec& spec) {
    const auto refuse = [&](const std::string& why) {
        throw std::invalid_argument("handler \"" + spec.contract.name + "\": " + why);
    };
    const auto& [workers, order, retry] = spec.lane;
    if (workers < 1 || workers > lane_workers_max)
        refuse("expected 1 to " + std::to_string(lane_workers_max) + " workers, got " +
               std::to_string(workers));
    if (retry.attempts < 1)
        refuse("expected at least one attempt, the first, got 0");
    if (retry.backoff_min < Duration{} || retry.backoff_max < Duration{})
        refuse("expected a backoff that is not negative");
    if (spec.deadline < Duration{})
        refuse("expected a deadline that is not negative");
    const bool is_plain = workers == 1 && order == LaneOrder::fifo && retry.attempts == 1;
    if (spec.is_inline && (!is_plain || spec.deadline > Duration{}))
        refuse("one that runs on the node's loop has one worker and takes events in order, without "
               "retry and deadline");
    if (spec.is_inline && spec.takes_store)
        refuse("one that runs on the node's loop takes no store: the loop does not wait for disks");
    const bool is_timed = spec.every > Duration{};
    if (is_timed && !is_plain)
        refuse("a timed one has one worker and takes events in order, without retry: its next "
               "beat is its next try");
    if (!is_timed && !spec.contract.after.empty())
        refuse("only a timed one remembers events");
}

} // namespace mesh
