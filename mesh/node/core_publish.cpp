// NodeCore, the part that publishes. Any thread.

#include "mesh/flow/causality.hpp"
#include "mesh/node/core.hpp"
#include "mesh/wire/payload.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace mesh {

Result<void> NodeCore::publish(std::string_view topic, const Payload& payload,
                               const EventOptions& options, bool may_wait) {
    auto* emitter = Emitter::current();
    const bool is_in_handler = emitter != nullptr && emitter->owner() == this;
    if (is_in_handler && !event_rules_.is_entry(topic)) {
        // Said while a handler runs on this thread: it is said because of that handler's event.
        try {
            (*emitter)(topic, payload, options);
        } catch (const std::logic_error& error) {
            return fail(ErrorCode::refused, error.what());
        }
        return {};
    }
    if (!is_open_ || (is_stopping_ && !is_in_handler))
        return fail(ErrorCode::closed,
                    is_open_ ? "the node is stopping" : "the node is not started");
    const bool is_declared = std::ranges::any_of(
        publishable_, [&](const Pattern& pattern) { return pattern.matches(topic); });
    if (!is_declared)
        return fail(ErrorCode::refused, "service \"" + identity_.service + "\" publishes \"" +
                                            std::string(topic) +
                                            "\", which its contract does not declare");
    const auto headers = encode_headers(options.headers);
    const Draft draft{topic,
                      options.key,
                      payload.content_type,
                      bytes_of(headers),
                      std::nullopt,
                      bytes_of(payload.bytes),
                      options.level.value_or(event_rules_.level_of(topic))};
    return publish_draft(draft, may_wait);
}

Result<void> NodeCore::publish_draft(const Draft& draft, bool may_wait) {
    const auto published = outgoing_->publish(draft, may_wait);
    if (!published)
        return tl::unexpected(published.error());
    if (tap) {
        Event event;
        event.topic = draft.topic;
        event.id = {identity_.id, published->is_durable ? 0 : identity_.incarnation,
                    published->sequence};
        event.service = identity_.service;
        event.time = wall_now();
        event.key = draft.key;
        event.content_type = draft.content_type;
        event.headers = draft.headers;
        event.cause = draft.cause;
        event.payload = draft.payload;
        tap(event);
    }
    return {};
}

Result<void> NodeCore::emit(const HandlerContract& handler, const Emitter::Said& said,
                            const Event& because) {
    const auto cause =
        cause_of(because, said.topic, handler, identity_.contract.loops, chains_.longest());
    if (!cause)
        return tl::unexpected(cause.error());
    const auto headers = encode_headers(said.options.headers);
    const Draft draft{said.topic,
                      said.options.key,
                      said.payload.content_type,
                      bytes_of(headers),
                      cause->cause,
                      bytes_of(said.payload.bytes),
                      said.options.level.value_or(event_rules_.level_of(said.topic))};
    return publish_draft(draft, true);
}

} // namespace mesh
