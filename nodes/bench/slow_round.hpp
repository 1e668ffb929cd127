#pragma once

#include "mesh/event/delivery.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace nodes {

inline constexpr std::size_t log_size_mib = 64; // the default of a node

/// What became of the events that the frozen subscriber wants, once it runs again.
struct Frozen {
    std::uint64_t published = 0;
    std::uint64_t received = 0;
    std::uint64_t lost = 0; ///< told to it as gaps
};

struct SlowRound {
    double rate = 0; ///< events a second at the healthy subscriber
    std::int64_t publisher_private_kib_max = 0;
    Frozen frozen;
};

enum class Beside { nobody, frozen };

/// Publishes `event_count` events of 64 bytes, as fast as it goes, to a subscriber that never
/// drops; alone, or beside another one that has the policy and is stopped by a signal until the
/// first one has all. With `block`, which makes a publisher wait for a topic, the frozen one wants
/// another topic, so that one can see whether it holds up more than that. What is published is the
/// same with nobody beside. Nothing when it did not come to an end within a minute.
std::optional<SlowRound> run_slow_round(mesh::Policy policy, Beside beside,
                                        std::uint64_t event_count);

} // namespace nodes
