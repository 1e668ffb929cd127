#pragma once

#include "nodes/bench/bench_report.hpp"

#include <string>
#include <vector>

namespace nodes {

/// A subscriber that stands still beside one that does not, under each policy: what the healthy one
/// keeps of its rate alone, what the other one gets afterwards, and what it costs the publisher.
/// Real processes on loopback, flat out; each round with the frozen one follows a round without.
///
/// Words: [POLICY|all [ROUNDS [EVENTS]]]. Reports a row each. False when something was neither
/// received nor told, or the publisher needed more memory than it may. To be called while this
/// process has one thread.
bool run_slow(const std::vector<std::string>& words, BenchReport& report);

} // namespace nodes
