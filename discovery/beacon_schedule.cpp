#include "discovery/beacon_schedule.hpp"

#include <algorithm>

namespace discovery {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration interval = 1s;
constexpr mesh::Duration quick_interval = 40ms;
constexpr unsigned quick_count = 3;
constexpr unsigned forward_max = 5; // a second
constexpr std::size_t spread_ms_max = 50;

} // namespace

void BeaconSchedule::sent(mesh::TimePoint now) {
    ++sent_count_;
    is_forward_ = false;
    due_ = now + (sent_count_ < quick_count ? quick_interval : interval);
}

bool BeaconSchedule::newcomer(mesh::TimePoint now, std::size_t peer_count) {
    if (now - forward_since_ >= interval) {
        forward_since_ = now;
        forward_count_ = 0;
    }
    const auto spread_us = 1000 * std::min(spread_ms_max, peer_count / 2);
    std::uniform_int_distribution<std::int64_t> delay(0, static_cast<std::int64_t>(spread_us));
    const auto sooner = now + std::chrono::microseconds(delay(random_));
    if (sooner >= due_)
        return true;
    // A beacon that was brought forward serves everybody who came meanwhile.
    if (is_forward_ || forward_count_ >= forward_max)
        return due_ - now <= std::chrono::milliseconds(spread_ms_max);
    due_ = sooner;
    is_forward_ = true;
    ++forward_count_;
    return true;
}

} // namespace discovery
