#pragma once

#include "nodes/bench/run_bench.hpp"

namespace nodes {

/// Measures all that has a goal, and closes with the table of the goals.
BenchOutcome run_everything(const BenchGround& ground, const BenchRequest& request,
                            BenchReport& report, Progress& progress);

} // namespace nodes
