#pragma once

#include "mesh/base/time.hpp"

#include <cstdint>
#include <vector>

namespace simulator {

/// Chance, as a seed has it: splitmix64 (Steele, Lea and Flood, 2014), which costs nothing to seed.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        auto value = state_ += 0x9e3779b97f4a7c15U;
        value = (value ^ value >> 30U) * 0xbf58476d1ce4e5b9U;
        value = (value ^ value >> 27U) * 0x94d049bb133111ebU;
        return value ^ value >> 31U;
    }

    /// From 0 to `below` - 1.
    std::uint64_t draw(std::uint64_t below) { return next() % below; }

    bool one_in(std::uint64_t times) { return draw(times) == 0; }

    /// True in `per_cent` of a hundred cases.
    bool happens(std::uint64_t per_cent) { return draw(100) < per_cent; }

    double fraction() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

    mesh::Duration between(mesh::Duration least, mesh::Duration most) {
        const auto range = static_cast<std::uint64_t>((most - least).count()) + 1;
        return least + mesh::Duration(static_cast<mesh::Duration::rep>(draw(range)));
    }

    template <class T>
    const T& pick(const std::vector<T>& from) {
        return from[draw(from.size())];
    }

private:
    std::uint64_t state_;
};

} // namespace simulator
