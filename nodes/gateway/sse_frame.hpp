#pragma once

#include "nodes/gateway/recent_events.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nodes {

/// What a stream of server-sent events begins with: a comment, so that the client hears at once
/// that it is served, and how long to wait before it comes again.
/// Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
std::string sse_begin();

/// An event with its id, and its CloudEvents object as data.
std::string sse_event(const StreamItem& item, std::string_view realm);

/// An event of the type `gap`: so many events of this stream are lost, at most.
std::string sse_gap(std::uint64_t lost);

/// A comment: keeps what stands between from closing a quiet connection.
std::string sse_heartbeat();

} // namespace nodes
