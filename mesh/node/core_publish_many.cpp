// NodeCore, the part that publishes many events: without waiting for each, or together. Any thread.

#include "mesh/event/topic.hpp"
#include "mesh/flow/owned_draft.hpp"
#include "mesh/node/core.hpp"
#include "mesh/wire/reserved_headers.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mesh {

namespace {

// Together they are one transaction, and one stretch of the log.
constexpr std::size_t batch_events_max = 4096;
constexpr std::size_t batch_size_bytes_max = 4 * 1024 * 1024;

Result<void> check_bounds(std::span<const NewEvent> events) {
    if (events.size() > batch_events_max)
        return fail(ErrorCode::limit, "expected at most " + std::to_string(batch_events_max) +
                                          " events in one batch, got " +
                                          std::to_string(events.size()));
    std::size_t size = 0;
    for (const auto& event : events)
        size += event.payload.bytes.size();
    if (size > batch_size_bytes_max)
        return fail(ErrorCode::limit, "expected at most " + std::to_string(batch_size_bytes_max) +
                                          " bytes in one batch, got " + std::to_string(size));
    return {};
}

} // namespace

Result<void> NodeCore::check_outside(std::string_view what, std::string_view topic) const {
    const auto* emitter = Emitter::current();
    if (emitter != nullptr && emitter->owner() == this)
        return fail(ErrorCode::refused, std::string(what) + " of " + std::string(topic) +
                                            " in a handler: what a handler emits leaves together, "
                                            "once it has returned; use `publish`");
    if (auto running = check_running(false); !running)
        return running;
    return check_publishable(topic);
}

void NodeCore::publish_later(std::string_view topic, const Payload& payload,
                             const EventOptions& options,
                             std::function<void(const Result<void>&)> done) {
    if (const auto allowed = check_outside("publish_later", topic); !allowed)
        return done(allowed);
    const auto headers = encode_event_headers(options);
    if (!headers)
        return done(tl::unexpected(headers.error()));
    const auto draft = draft_of(topic, payload, options, *headers);
    // Whoever looks on is shown the event when there is one.
    std::shared_ptr<const OwnedDraft> shown;
    if (tap && check_draft(draft))
        shown = std::make_shared<const OwnedDraft>(draft);
    outgoing_->publish_later(*packed(draft), !reactor_.is_inside(),
                             [this, shown = std::move(shown), done = std::move(done)](
                                 const Result<Publishing::Published>& published) {
                                 if (published && shown)
                                     show(**shown, *published);
                                 done(published.map([](const auto&) {}));
                             });
}

Result<void> NodeCore::publish_all(std::span<const NewEvent> events) {
    if (auto fits = check_bounds(events); !fits)
        return fits;
    std::vector<std::string> headers; // what the drafts view
    headers.reserve(events.size());
    std::vector<Draft> drafts;
    for (const auto& [topic, payload, options] : events) {
        if (auto allowed = check_outside("publish_all", topic); !allowed)
            return allowed;
        if (auto checked = check_topic(topic); !checked)
            return tl::unexpected(checked.error());
        auto encoded = encode_event_headers(options);
        if (!encoded)
            return tl::unexpected(encoded.error());
        headers.push_back(std::move(*encoded));
        drafts.push_back(draft_of(topic, payload, options, headers.back()));
    }
    if (drafts.empty())
        return {};
    std::vector<PackedDraft> packs;
    std::vector<Draft> sent;
    packs.reserve(drafts.size());
    sent.reserve(drafts.size());
    for (const auto& draft : drafts)
        sent.push_back(*packs.emplace_back(packed(draft)));
    auto published = outgoing_->publish_all(sent);
    if (!published)
        return tl::unexpected(published.error());
    for (const auto& draft : drafts) {
        show(draft, *published);
        ++published->sequence;
    }
    return {};
}

} // namespace mesh
