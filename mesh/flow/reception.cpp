#include "mesh/flow/reception.hpp"

#include <algorithm>

namespace mesh {

namespace {

using namespace std::chrono_literals;

constexpr Duration rewind_interval = 200ms;
constexpr Duration head_patience = 1s;
constexpr Duration acknowledgement_interval_min = 2ms; // spares the control path at high rates
constexpr Duration acknowledgement_interval = 20ms;    // while events come
constexpr Duration acknowledgement_interval_idle = 1s; // renews the lease

} // namespace

void Reception::open(std::uint64_t session, TimePoint now) {
    session_ = session;
    is_linked_ = false;
    acknowledged_at_ = now;
    for (auto& one : subscriptions_) {
        one.is_misplaced = false;
        one.is_out = false;
        one.missed_head = 0;
    }
}

std::optional<Progress> Reception::standing(std::uint16_t index) const {
    const auto& one = subscriptions_[index];
    return one.is_started ? std::optional(one.received) : std::nullopt;
}

std::vector<Reception::Taken> Reception::take(const BatchHeader& header) {
    std::vector<Taken> taken;
    if (header.session != session_ && fault_ != FlowFault::takes_old_sessions)
        return taken;
    is_linked_ = true;
    for (const auto& position : header.positions) {
        if (position.subscription >= subscriptions_.size())
            continue;
        auto& one = subscriptions_[position.subscription];
        if (one.is_out)
            continue;
        if (!one.is_started) {
            // The publisher decides where a new subscription begins.
            one.is_started = true;
            one.received.position = position.before;
            one.processed = one.acknowledged = one.received;
        }
        if (position.before != one.received.position) {
            one.is_misplaced = one.is_misplaced || position.after > one.received.position;
            continue;
        }
        one.is_misplaced = false;
        one.received.position = position.after;
        one.received.volume.events += position.events + position.lost;
        one.received.volume.bytes += position.bytes;
        if (one.missed_head <= position.after)
            one.missed_head = 0;
        taken.push_back({position.subscription, position.before, position.lost, one.received});
    }
    return taken;
}

std::vector<std::uint16_t> Reception::rewinds(TimePoint now) {
    std::vector<std::uint16_t> asked;
    for (std::size_t i = 0; i < subscriptions_.size(); ++i) {
        auto& one = subscriptions_[i];
        if (!one.is_misplaced || now - one.rewind_asked_at < rewind_interval)
            continue;
        one.rewind_asked_at = now;
        asked.push_back(static_cast<std::uint16_t>(i));
    }
    return asked;
}

bool Reception::hear_head(std::uint16_t index, std::uint64_t head, TimePoint now) {
    if (index >= subscriptions_.size())
        return false;
    auto& one = subscriptions_[index];
    if (one.is_out || (one.is_started && one.received.position >= head)) {
        one.missed_head = 0;
        return false;
    }
    // A slow link is not a broken one: every step forward begins the patience anew.
    if (one.missed_head == 0 || one.missed_at != one.received.position) {
        one.missed_head = head;
        one.missed_at = one.received.position;
        one.missed_since = now;
        return false;
    }
    return now - one.missed_since >= head_patience;
}

void Reception::processed(std::uint16_t index, const Progress& progress) {
    auto& one = subscriptions_[index];
    if (progress.position >= one.processed.position)
        one.processed = progress;
}

void Reception::restart(std::uint16_t index) {
    auto& one = subscriptions_[index];
    one.received = one.processed;
    one.is_out = true;
    one.is_misplaced = false;
    one.missed_head = 0;
}

bool Reception::is_acknowledgement_due(TimePoint now) const {
    const auto silence = now - acknowledged_at_;
    if (silence >= acknowledgement_interval_idle)
        return true;
    for (const auto& one : subscriptions_) {
        if (one.processed == one.acknowledged)
            continue;
        const auto events = one.processed.volume.events - one.acknowledged.volume.events;
        const auto bytes = one.processed.volume.bytes - one.acknowledged.volume.bytes;
        const bool is_half_used = 2 * events >= one.window.events || 2 * bytes >= one.window.bytes;
        const bool is_dry = one.processed.position == one.received.position;
        if (is_half_used || silence >= acknowledgement_interval ||
            (is_dry && silence >= acknowledgement_interval_min))
            return true;
    }
    return false;
}

TimePoint Reception::next_due() const {
    auto due = acknowledged_at_ + acknowledgement_interval_idle;
    for (const auto& one : subscriptions_) {
        const bool is_dry = one.processed.position == one.received.position;
        if (one.processed != one.acknowledged)
            due = std::min(due, acknowledged_at_ + (is_dry ? acknowledgement_interval_min
                                                           : acknowledgement_interval));
        if (one.is_misplaced)
            due = std::min(due, one.rewind_asked_at + rewind_interval);
    }
    return due;
}

std::vector<std::pair<std::uint16_t, Progress>> Reception::acknowledge(TimePoint now) {
    std::vector<std::pair<std::uint16_t, Progress>> all;
    for (std::size_t i = 0; i < subscriptions_.size(); ++i) {
        auto& one = subscriptions_[i];
        if (!one.is_started)
            continue;
        if (fault_ == FlowFault::acknowledges_early)
            one.processed = one.received;
        one.acknowledged = one.processed;
        all.emplace_back(static_cast<std::uint16_t>(i), one.processed);
    }
    acknowledged_at_ = now;
    return all;
}

} // namespace mesh
