#pragma once

#include "nodes/bench/bench_report.hpp"
#include "nodes/bench/side_by_side.hpp"

#include <vector>

namespace nodes {

/// What docs/benchmarks.md says of the fields of a row; those of the reference are empty without
/// one. With a rate it is about latency, else about how many arrive.
BenchRow row_of(const MatchResult& result);

/// What the rows of a benchmark are headed with.
std::string section_of(const MatchResult& result);

/// One figure of each round.
std::vector<double> figures(const std::vector<Round>& rounds, double Round::*figure);

/// Round by round against the reference, empty without one.
std::vector<double> ratios(const MatchResult& result, double Round::*figure);

/// Over all rounds.
std::uint64_t lost_of(const MatchResult& result);
std::uint64_t disordered_of(const MatchResult& result);

} // namespace nodes
