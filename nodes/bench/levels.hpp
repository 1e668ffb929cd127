#pragma once

#include "nodes/bench/bench_report.hpp"

#include <string>
#include <vector>

namespace nodes {

/// What the levels cost between two processes on loopback. First events of 256 bytes that go to
/// disk: each waited for, and with several publishes on their way at a time, with both kinds of
/// sync. Then `reliable` against `fast` at full rate, in turns, and what it changes to compress
/// rows of JSON.
///
/// Words: [disk|rates|compression|all [SECONDS [ROUNDS [FOLDER]]]]. FOLDER is where the journals
/// lie, by default the current one; its disk is what is measured. Reports a row each. False when a
/// round did not come to an end, or something was lost. To be called while this process has one
/// thread.
bool run_levels(const std::vector<std::string>& words, BenchReport& report);

} // namespace nodes
