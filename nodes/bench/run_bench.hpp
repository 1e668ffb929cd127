#pragma once

#include "nodes/bench/bench_report.hpp"
#include "nodes/bench/bench_request.hpp"
#include "nodes/cli/exit_code.hpp"

#include <vector>

namespace nodes {

/// What came of a benchmark.
struct BenchOutcome {
    ExitCode code = ExitCode::done; ///< lost events and disorder say so
    std::vector<MatchResult> results;

    /// Takes in how a match went.
    void add(std::vector<MatchResult> more);
};

/// Runs what was asked for and reports each row when it is there. Throws std::invalid_argument for
/// arguments that are none, and as Crew does.
BenchOutcome run_benchmark(const BenchGround& ground, const BenchRequest& request,
                           BenchReport& report, Progress& progress);

/// Runs one match of it and reports its rows.
std::vector<MatchResult> report_match(const BenchGround& ground, const Match& match,
                                      std::size_t rounds, BenchReport& report, Progress& progress);

} // namespace nodes
