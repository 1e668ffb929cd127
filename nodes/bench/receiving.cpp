#include "nodes/bench/receiving.hpp"

#include "mesh/base/time.hpp"
#include "nodes/bench/numbered_payload.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace nodes {

Receiving::Receiving(const Part& part)
    : is_timed_(part.rate > 0),
      next_(part.process.hears.empty() ? 0 : std::ranges::max(part.process.hears) + 1),
      senders_left_(part.process.hears.size()) {
    if (is_timed_)
        latencies_ns_.reserve(
            static_cast<std::size_t>(part.rate * std::chrono::duration<double>(part.time).count() *
                                     1.1 * static_cast<double>(senders_left_)));
}

bool Receiving::take(mesh::Bytes payload) {
    const auto read = NumberedPayload::read(payload);
    auto& next = next_[read.sender()];
    const auto number = read.in_order();
    if (number == NumberedPayload::last)
        return --senders_left_ == 0;
    ++received_;
    if (number < next)
        ++disordered_;
    else
        next = number + 1;
    if (is_timed_)
        latencies_ns_.push_back(std::chrono::nanoseconds(mesh::now().time_since_epoch()).count() -
                                read.due_ns);
    return false;
}

std::int64_t Receiving::latency_ns(double fraction) {
    const auto begin =
        latencies_ns_.begin() + static_cast<std::ptrdiff_t>(latencies_ns_.size() / 10);
    if (begin == latencies_ns_.end())
        return 0;
    const auto place = begin + static_cast<std::ptrdiff_t>(
                                   fraction * static_cast<double>(latencies_ns_.end() - begin - 1));
    // What was sorted in before stays beyond the first tenth, so that it may be asked again.
    std::nth_element(begin, place, latencies_ns_.end());
    return *place;
}

} // namespace nodes
