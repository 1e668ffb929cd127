#include "mesh/flow/receiving/reception.hpp"

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

Reception::Reception(std::size_t handler_count)
    : handlers_(handler_count), subscriptions_(handler_count) {
    for (std::size_t i = 0; i < handler_count; ++i)
        subscriptions_[i].index = static_cast<SubscriptionIndex>(i);
}

std::optional<std::size_t> Reception::number_of(SubscriptionIndex index) const {
    const std::size_t handler = handler_of(index);
    if (seat_of(index) == 0)
        return handler < handlers_.size() ? std::optional(handler) : std::nullopt;
    const auto found = seats_.find(place_of(index));
    return found == seats_.end() ? std::nullopt : std::optional(found->second);
}

/// The standing of a subscription, a new one for a seat that nobody had. Null for no handler.
Reception::Standing* Reception::add(SubscriptionIndex index) {
    if (const auto number = number_of(index))
        return &subscriptions_[*number];
    if (handler_of(index) >= handlers_.size())
        return nullptr;
    seats_.emplace(place_of(index), subscriptions_.size());
    auto& one = subscriptions_.emplace_back();
    one.index = index;
    return &one;
}

std::vector<SubscriptionIndex> Reception::served(std::uint16_t handler) const {
    std::vector<SubscriptionIndex> all;
    for (const auto& one : subscriptions_)
        if (one.is_started && handler_of(one.index) == handler)
            all.push_back(one.index);
    return all;
}

void Reception::open(std::uint64_t session, TimePoint now) {
    session_ = session;
    is_linked_ = false;
    acknowledged_at_ = now;
    for (auto& one : subscriptions_) {
        one.is_misplaced = false;
        one.missed_head = 0;
    }
    for (auto& handler : handlers_)
        handler.is_out = false;
}

void Reception::forget(std::uint16_t handler) {
    for (auto& one : subscriptions_)
        if (handler_of(one.index) == handler) {
            const auto index = one.index;
            one = {};
            one.index = index;
        }
    handlers_[handler].served = 0;
}

std::optional<Progress> Reception::standing(SubscriptionIndex index) const {
    const auto number = number_of(index);
    if (!number)
        return std::nullopt;
    const auto& one = subscriptions_[*number];
    return one.is_started && one.index == index ? std::optional(one.received) : std::nullopt;
}

std::vector<Reception::Taken> Reception::take(const BatchHeader& header) {
    std::vector<Taken> taken;
    if (header.session != session_ && fault_ != FlowFault::takes_old_sessions)
        return taken;
    is_linked_ = true;
    for (const auto& position : header.positions) {
        auto* standing = add(position.subscription);
        if (standing == nullptr)
            continue;
        auto& one = *standing;
        auto& handler = handlers_[handler_of(position.subscription)];
        if (handler.is_out)
            continue;
        // Whoever had the seat is over.
        const bool is_other = one.index != position.subscription;
        if (is_other) {
            handler.served -= one.is_started ? 1U : 0U;
            one = {};
            one.index = position.subscription;
        }
        if (!one.is_started) {
            // The publisher decides where a new subscription begins.
            one.is_started = true;
            ++handler.served;
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
        taken.push_back({position.subscription, position.before, position.lost, one.received,
                         static_cast<std::size_t>(standing - subscriptions_.data()), is_other});
    }
    return taken;
}

std::vector<SubscriptionIndex> Reception::rewinds(TimePoint now) {
    std::vector<SubscriptionIndex> asked;
    for (auto& one : subscriptions_) {
        if (!one.is_misplaced || now - one.rewind_asked_at < rewind_interval)
            continue;
        one.rewind_asked_at = now;
        asked.push_back(one.index);
    }
    return asked;
}

bool Reception::hear_head(SubscriptionIndex index, std::uint64_t head, TimePoint now) {
    auto* standing = add(index);
    if (standing == nullptr)
        return false;
    auto& one = *standing;
    // Else it is of the seat's next subscription, whose first batch is on its way.
    const bool is_known = one.index == index;
    const bool is_reached = is_known && one.is_started && one.received.position >= head;
    if (handlers_[handler_of(index)].is_out || is_reached) {
        one.missed_head = 0;
        return false;
    }
    // A slow link is not a broken one: every step forward begins the patience anew.
    const auto here = is_known ? one.received.position : 0;
    if (one.missed_head == 0 || one.missed_at != here || one.missed_index != index) {
        one.missed_head = head;
        one.missed_at = here;
        one.missed_index = index;
        one.missed_since = now;
        return false;
    }
    return now - one.missed_since >= head_patience;
}

void Reception::processed(std::size_t number, const Progress& progress) {
    auto& one = subscriptions_[number];
    if (progress.position >= one.processed.position)
        one.processed = progress;
}

void Reception::restart(std::uint16_t handler) {
    handlers_[handler].is_out = true;
    for (auto& one : subscriptions_) {
        if (handler_of(one.index) != handler)
            continue;
        one.received = one.processed;
        one.is_misplaced = false;
        one.missed_head = 0;
    }
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
        // Of the handler's window each of its subscriptions has its share.
        const auto& handler = handlers_[handler_of(one.index)];
        const bool is_half_used = 2 * events * handler.served >= handler.window.events ||
                                  2 * bytes * handler.served >= handler.window.bytes;
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

std::vector<std::pair<SubscriptionIndex, Progress>> Reception::acknowledge(TimePoint now) {
    std::vector<std::pair<SubscriptionIndex, Progress>> all;
    for (auto& one : subscriptions_) {
        if (!one.is_started)
            continue;
        if (fault_ == FlowFault::acknowledges_early)
            one.processed = one.received;
        one.acknowledged = one.processed;
        all.emplace_back(one.index, one.processed);
    }
    acknowledged_at_ = now;
    return all;
}

} // namespace mesh
