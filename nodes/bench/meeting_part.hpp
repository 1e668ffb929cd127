#pragma once

#include "nodes/bench/part.hpp"

namespace nodes {

/// Is one node of a meeting: says `ready`, starts when it hears `go`, and says `met NS`, the moment
/// on the monotonic clock, when it knows all others.
[[noreturn]] void run_meeting_part(const Part& part);

} // namespace nodes
