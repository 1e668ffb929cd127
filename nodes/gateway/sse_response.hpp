#pragma once

#include "nodes/gateway/answers.hpp"
#include "nodes/gateway/http_server.hpp"
#include "nodes/gateway/recent_events.hpp"

#include <string>

namespace nodes {

/// The events of a stream as server-sent events, until `recent` ends. `recent` outlives it.
StreamResponse sse_response(RecentEvents& recent, const StreamRequest& request, std::string realm);

} // namespace nodes
