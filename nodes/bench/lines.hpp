#pragma once

#include "nodes/bench/bench_report.hpp"
#include "nodes/bench/progress.hpp"
#include "nodes/bench/round.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace nodes {

/// How many events a second programs handle that speak lines and acknowledge each: one in Python
/// and one in POSIX shell, which do nothing else, with 64 workers and with one. Publisher, node and
/// program are a process each, on loopback; a rate is counted from the first publish until the last
/// event is acknowledged.
///
/// Words: [EVENTS], of a round in Python; in shell there are a fifth of them. Throws
/// std::invalid_argument for others, BenchUnfinished when a service is not there or does not come
/// to an end, for one that Python is not installed.
void run_lines(const BenchGround& ground, const std::vector<std::string>& words, std::size_t rounds,
               BenchReport& report, Progress& progress);

} // namespace nodes
