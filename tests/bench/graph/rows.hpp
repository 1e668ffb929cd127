#pragma once

#include "tests/bench/graph/report.hpp"

#include <csignal>

namespace bench {

/// Set by a signal: `run_rows` then ends with a std::runtime_error, and its files are gone.
extern volatile std::sig_atomic_t stop_asked;

/// Measures every row, and reports each when it is there. Without `is_quick` graphs have up to ten
/// million edges, with it one million. Files are in a temporary folder as long as it takes.
void run_rows(bool is_quick, Report& report);

} // namespace bench
