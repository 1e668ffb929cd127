#pragma once

#include "nodes/bench/bench_report.hpp"
#include "nodes/cli/signals.hpp"

#include <string>

namespace nodes {

/// The checker's speed: generated graphs as text, each contender a process of its own, in turn, so
/// that what else the machine does meets all alike. Ratios are medians of the rounds' ratios.
///
/// `reference` is tests/bench/boost_graph.cpp, which is compared with as GNU tsort is; empty:
/// neither, and their columns stay so. Without `is_quick` graphs have up to ten million edges, with
/// it one million. Files are in a temporary folder as long as it takes.
/// Throws BenchStopped for a signal, and std::runtime_error.
void run_graph_rows(StopSignals& signals, const std::string& reference, bool is_quick,
                    BenchReport& report);

} // namespace nodes
