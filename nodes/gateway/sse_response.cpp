#include "nodes/gateway/sse_response.hpp"

#include "nodes/gateway/sse_frame.hpp"

#include <memory>
#include <utility>

namespace nodes {

namespace {

using namespace std::chrono_literals;

/// Between two looks whether the client is still there.
constexpr mesh::Duration turn = 1s;
/// Proxies and load balancers close what is quiet for 30 s or 60 s.
constexpr mesh::Duration heartbeat_interval = 15s;
/// Events that wait together go in one write.
constexpr std::size_t write_bytes_max = 32 * 1024;

class SseText {
public:
    SseText(std::unique_ptr<RecentEvents::Reader> reader, RecentEvents& recent, std::string realm)
        : reader_(std::move(reader)), recent_(recent), realm_(std::move(realm)) {}

    std::optional<std::string> next() {
        if (!std::exchange(has_begun_, true))
            return said(sse_begin());
        std::string text;
        for (auto patience = turn; text.size() < write_bytes_max; patience = 0s) {
            const auto item = reader_->next(patience);
            if (item.lost > 0)
                text += sse_gap(item.lost);
            if (!item.event)
                break;
            text += sse_event(item, realm_);
        }
        if (!text.empty())
            return said(std::move(text));
        if (recent_.is_over())
            return std::nullopt;
        if (mesh::now() - said_at_ > heartbeat_interval)
            return said(sse_heartbeat());
        return text;
    }

private:
    std::string said(std::string text) {
        said_at_ = mesh::now();
        return text;
    }

    std::unique_ptr<RecentEvents::Reader> reader_;
    RecentEvents& recent_;
    std::string realm_;
    bool has_begun_ = false;
    mesh::TimePoint said_at_{};
};

} // namespace

StreamResponse sse_response(RecentEvents& recent, const StreamRequest& request, std::string realm) {
    // The place is taken before the client hears that it is served: from then on nothing is missed.
    auto text = std::make_shared<SseText>(recent.read(request.pattern, request.after), recent,
                                          std::move(realm));
    return {"text/event-stream", [text = std::move(text)] { return text->next(); }};
}

} // namespace nodes
