#pragma once

#include "mesh/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <random>

namespace discovery {

/// When the next beacon is due: three quick ones at the start, then one a second; brought forward
/// when a newcomer should hear of this node soon, by a random delay so that not all speak at once.
/// Nobody replies to a beacon, so that a forged one cannot make a crowd shout: at most five are
/// brought forward each second. Pure: time and seed are passed in.
class BeaconSchedule {
public:
    BeaconSchedule(mesh::TimePoint start, std::uint32_t seed) : due_(start), random_(seed) {}

    mesh::TimePoint due() const { return due_; }

    /// A beacon went out.
    void sent(mesh::TimePoint now);

    /// A newcomer was heard, among `peer_count` peers. True when it will hear of this node within
    /// 50 ms; false when too many came in this second.
    bool newcomer(mesh::TimePoint now, std::size_t peer_count);

private:
    mesh::TimePoint due_;
    std::minstd_rand random_;
    unsigned sent_count_ = 0;
    bool is_forward_ = false;    ///< the next beacon was brought forward already
    unsigned forward_count_ = 0; ///< in the second that began at forward_since_
    mesh::TimePoint forward_since_{};
};

} // namespace discovery
