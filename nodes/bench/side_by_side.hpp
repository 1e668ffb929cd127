#pragma once

#include "nodes/bench/progress.hpp"
#include "nodes/bench/round.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nodes {

/// Which transport the reference has.
enum class ReferenceTransport : std::uint8_t { same, tcp, ipc };

/// One load, and all who do it in turn.
struct Match {
    std::string bench; ///< the name of the benchmark
    Load load;
    std::vector<Contender> contenders; ///< nodes, without the reference
    ReferenceTransport reference_transport = ReferenceTransport::same;
};

/// How one contender did, and the reference in the same rounds.
struct MatchResult {
    std::string bench;
    Load load;
    Contender contender;
    std::vector<Round> rounds;
    std::optional<Transport> reference_transport; ///< nothing: there was none
    std::vector<Round> reference_rounds;
};

/// How many processes groups of a round each match starts, for the progress.
std::size_t steps_of(const BenchGround& ground, const Match& match, std::size_t rounds);

/// Runs a match: in every round each contender once and each reference that one of them needs, in
/// turns, and every second round the other way round. What else the machine does meets all alike.
std::vector<MatchResult> run_match(const BenchGround& ground, const Match& match,
                                   std::size_t rounds, Progress& progress);

} // namespace nodes
