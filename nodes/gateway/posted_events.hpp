#pragma once

#include "mesh/event/event.hpp"
#include "nodes/gateway/http_message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// The events that a POST brings.
struct PostedEvents {
    std::vector<mesh::NewEvent> events;
    bool is_batch = false; ///< whoever sent several gets several ids, also when it was one
};

/// Reads the body by its content type, as the HTTP binding of CloudEvents 1.0.2 says:
/// application/cloudevents+json is one event (structured), application/cloudevents-batch+json an
/// array of them, and with headers `ce-...` any body is the data (binary). Everything else is data
/// in JSON, whatever its content type says, because that is what `curl -d` sends; an empty body is
/// an event without data.
///
/// `topic` is the topic of all of them; empty: the `type` of each. An event keeps what it said of
/// itself as headers `ce-id`, `ce-source` and so on, its key is `partitionkey`, and its data are
/// msgpack when they are JSON. A header `Idempotency-Key` becomes that of the event.
/// Errors: 400 for what is not as it says, 413 for too many events, 415 for other forms of
/// CloudEvents. Topics are not checked here.
OrRefusal<PostedEvents> read_posted(const HttpRequest& request, std::string_view topic);

} // namespace nodes
