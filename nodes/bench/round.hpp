#pragma once

#include "mesh/base/time.hpp"
#include "mesh/event/delivery.hpp"
#include "nodes/bench/bench_case.hpp"
#include "nodes/bench/part.hpp"
#include "nodes/cli/signals.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace nodes {

/// What a round sends, whoever does it.
struct Load {
    BenchCase bench_case;
    std::uint64_t payload_size_bytes = 64;
    double rate = 0; ///< events a second of each sender; 0: all that it can
    mesh::Duration time = std::chrono::seconds(1);
};

/// Who does it.
struct Contender {
    bool is_reference = false; ///< then level and handler mean nothing
    Transport transport = Transport::ipc;
    mesh::Level level = mesh::Level::reliable;
    bool is_inline = true;

    bool operator==(const Contender&) const = default;
};

/// What became of the events of a round.
struct Round {
    double rate = 0;                   ///< events that arrived a second, at all receivers together
    double processor_us_per_event = 0; ///< of all processes
    std::uint64_t arrived = 0;
    std::uint64_t lost = 0;
    std::uint64_t disordered = 0; ///< came again, or behind a later one
    double p50_us = 0;            ///< with a rate, of the slowest receiver
    double p99_us = 0;
};

/// What is needed to run a round beside its load.
struct BenchGround {
    StopSignals& signals;
    std::string reference; ///< the program; empty: there is none
    std::string folder;    ///< for what lasts
    std::optional<std::uint16_t> beacon_port;
};

/// Starts a process each and has them send and receive. Rates are counted from the first publish to
/// the last event's arrival. Throws as Crew does.
Round run_round(const BenchGround& ground, const Load& load, const Contender& contender);

} // namespace nodes
