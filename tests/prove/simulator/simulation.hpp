#pragma once

#include "tests/prove/simulator/world.hpp"

#include <array>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace simulator {

/// What came of a seed.
struct Outcome {
    std::uint64_t steps = 0;
    std::uint64_t published = 0;
    std::uint64_t dealt = 0;
    std::uint64_t lost = 0;
    std::array<std::uint32_t, crash_point_count> crashes{};
    std::string violation; ///< empty: everything holds
};

/// Plays the seed: nodes that publish and handle while things go wrong, then the calm, in which all
/// that is owed has to arrive. `trace` may be null.
Outcome simulate(std::uint64_t seed, const Faults& faults, std::ostream* trace);

} // namespace simulator
