#pragma once

#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"

#include <cstdint>
#include <string_view>

namespace mesh {

/// Where a subscription begins that a publisher has not met before.
struct StartFrom {
    enum class Kind : std::uint8_t {
        automatic,   ///< the publisher's first event soon after its start, later the present
        now,         ///< what is published from now on
        oldest,      ///< everything that the publisher still holds
        last_events, ///< the last `number` events of each topic
        last_values, ///< the last event of each topic and key
        sequence,    ///< the publisher's event `number` and what came after it
        time,        ///< what was published at `number` microseconds of the Unix epoch or later
    };

    static constexpr std::uint64_t kind_count = 7;

    Kind kind = Kind::automatic;
    std::uint64_t number = 0;

    bool operator==(const StartFrom&) const = default;

    static StartFrom now() { return {Kind::now, 0}; }

    static StartFrom oldest() { return {Kind::oldest, 0}; }

    static StartFrom last(std::uint64_t events) { return {Kind::last_events, events}; }

    static StartFrom last_per_key() { return {Kind::last_values, 0}; }

    static StartFrom sequence(std::uint64_t number) { return {Kind::sequence, number}; }

    static StartFrom time(WallTime time);
};

/// `now`, `oldest`, `last:N`, `last` (of each topic and key), a sequence, or a time: UTC as
/// `2026-11-20T12:30:00Z` with up to six decimals of a second, or how long ago as `10m`.
/// `now` is the time to count back from. Errors: `invalid`, naming these forms.
Result<StartFrom> parse_start_from(std::string_view text, WallTime now);

} // namespace mesh
