#pragma once

#include "nodes/bench/bench_report.hpp"
#include "nodes/bench/bench_request.hpp"
#include "nodes/cli/exit_code.hpp"

namespace nodes {

/// Runs what was asked for and reports each row when it is there. The code says how it went: lost
/// events, disorder, or done. Throws std::invalid_argument for what there is not, and as Crew does.
ExitCode run_benchmark(const BenchGround& ground, const BenchRequest& request, BenchReport& report,
                       Progress& progress);

} // namespace nodes
