#include "mesh/peer/link.hpp"

#include <algorithm>

namespace mesh {

namespace {

using namespace std::chrono_literals;

constexpr Duration ask_interval = 300ms;
constexpr Duration open_patience = 2500ms; // an inbox that cannot be dialled is said within 3 s
constexpr Duration lease = 3s;
constexpr Duration redial_delay_min = 50ms;
constexpr Duration redial_delay_max = 1s;

/// SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t next_random(std::uint64_t& state) {
    auto z = state += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
}

} // namespace

Link::Action Link::want(bool is_wanted, TimePoint now) {
    is_wanted_ = is_wanted;
    if (!is_wanted)
        return is_dialled() ? end(Action::close, now) : Action::none;
    return state_ == State::closed && now >= dial_at_ ? dial(now) : Action::none;
}

Link::Action Link::dial(TimePoint now) {
    state_ = State::opening;
    is_opened_ = false;
    is_subscribed_ = false;
    ++attempt_;
    dialled_at_ = asked_at_ = now;
    return Action::dial;
}

Link::Action Link::opened(std::uint64_t attempt, std::uint64_t session, TimePoint now) {
    if (state_ != State::opening || attempt != attempt_ || is_opened_)
        return Action::none;
    is_opened_ = true;
    session_ = session;
    return serve_if_complete(now);
}

Link::Action Link::subscribed(TimePoint now) {
    if (state_ != State::opening)
        return Action::none;
    is_subscribed_ = true;
    return serve_if_complete(now);
}

Link::Action Link::serve_if_complete(TimePoint now) {
    if (!is_opened_ || !is_subscribed_)
        return Action::none;
    state_ = State::serving;
    failures_ = 0;
    acknowledged_at_ = now;
    return Action::serve;
}

Link::Action Link::unsubscribed(TimePoint now) {
    return is_dialled() ? end(Action::close, now) : Action::none;
}

Link::Action Link::reopen(std::uint64_t session, TimePoint now) {
    return state_ == State::serving && session == session_ ? end(Action::close, now) : Action::none;
}

Link::Action Link::end(Action action, TimePoint now) {
    state_ = State::closed;
    // Doubles with each failure, and is drawn from the upper half of that: peers that failed
    // together spread, and still nobody comes back at once.
    const auto factor = 1U << std::min(failures_, 6U);
    const Duration delay = std::min<Duration>(redial_delay_min * factor, redial_delay_max);
    const auto half = static_cast<std::uint64_t>(delay.count() / 2);
    dial_at_ = now + delay / 2 + Duration(next_random(random_) % (half + 1));
    ++failures_;
    return action;
}

Link::Action Link::tick(TimePoint now) {
    switch (state_) {
    case State::closed:
        return is_wanted_ && now >= dial_at_ ? dial(now) : Action::none;
    case State::opening:
        if (now - dialled_at_ >= open_patience)
            return end(is_opened_ ? Action::give_up : Action::close, now);
        if (!is_opened_ && now - asked_at_ >= ask_interval) {
            asked_at_ = now;
            return Action::ask_again;
        }
        return Action::none;
    case State::serving:
        return now - acknowledged_at_ >= lease ? end(Action::close, now) : Action::none;
    }
    return Action::none;
}

} // namespace mesh
