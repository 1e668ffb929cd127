#pragma once

#include "nodes/bench/bench_report.hpp"
#include "nodes/bench/round.hpp"

namespace nodes {

/// What a node costs that has nothing to do.
struct IdleNode {
    double private_mib = 0; ///< Private_Clean and Private_Dirty of its smaps_rollup
    double threads = 0;
};

/// Starts a node with one handler in a process and looks at it after so long. Throws as Crew does.
IdleNode measure_idle(const BenchGround& ground, mesh::Duration time);

BenchRow row_of(const IdleNode& idle);

} // namespace nodes
