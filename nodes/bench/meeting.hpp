#pragma once

#include "nodes/bench/bench_report.hpp"
#include "nodes/bench/progress.hpp"
#include "nodes/bench/round.hpp"

#include <cstddef>
#include <vector>

namespace nodes {

/// How long so many nodes, each a process, started in the same moment, take until every one of them
/// knows all others with their contracts: milliseconds of each round. Throws as Crew does.
std::vector<double> measure_meeting(const BenchGround& ground, std::size_t node_count,
                                    std::size_t rounds, Progress& progress);

BenchRow meeting_row(std::size_t node_count, const std::vector<double>& milliseconds);

} // namespace nodes
