#include "nodes/gateway/sse_frame.hpp"

#include "nodes/cli/event_json.hpp"

namespace nodes {

std::string sse_begin() {
    return "retry: 1000\n: events follow\n\n";
}

std::string sse_event(const StreamItem& item, std::string_view realm) {
    // JSON has no line feeds of its own, so one line of data holds it.
    return "id: " + to_text(item.point) + "\ndata: " + cloud_event(*item.event->event, realm) +
           "\n\n";
}

std::string sse_gap(std::uint64_t lost) {
    return "event: gap\ndata: {\"lost_max\":" + std::to_string(lost) + "}\n\n";
}

std::string sse_heartbeat() {
    return ": still here\n\n";
}

} // namespace nodes
