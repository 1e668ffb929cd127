#pragma once

#include "tests/prove/simulator/simulation.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace simulator {

/// What came of many seeds.
struct Campaign {
    std::uint64_t seeds = 0;
    std::uint64_t median_steps = 0;
    std::uint64_t published = 0;
    std::uint64_t dealt = 0;
    std::uint64_t lost = 0;
    std::array<std::uint64_t, crash_point_count> crashes{};
    std::uint64_t violations = 0;
    std::vector<std::pair<std::uint64_t, std::string>> first_violations; ///< by seed; a few

    /// Of the labelled points, at how many a node died.
    std::size_t points_hit() const;
};

/// Plays seeds from 1 on, on all cores, until `seeds` are played or `until` has come.
Campaign play(std::uint64_t seeds, std::optional<mesh::TimePoint> until);

/// The first seed up to `seeds_max` in which the planted bug shows, and how.
std::optional<std::pair<std::uint64_t, std::string>> first_caught(const Faults& faults,
                                                                  std::uint64_t seeds_max);

} // namespace simulator
