#pragma once

#include "nodes/commands/commands.hpp"
#include "nodes/live/live_view.hpp"

namespace nodes {

/// Looks at the running mesh as an observer: listens as a joining node does, and waits, 5 s or
/// `--timeout`, until every node that it sees has told its contract. Says on stderr how complete
/// the view is, unless --quiet.
LiveView look(const Invocation& invocation);

} // namespace nodes
