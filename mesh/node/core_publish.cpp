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
    if (const auto running = check_running(is_in_handler); !running)
        return running;
    if (const auto allowed = check_publishable(topic); !allowed)
        return allowed;
    const auto headers = encode_headers(options.headers);
    return publish_draft(draft_of(topic, payload, options, headers), may_wait);
}

Result<void> NodeCore::publish_and_wait(std::string_view topic, const Payload& payload,
                                        const EventOptions& options, Duration patience) {
    if (Emitter::current() != nullptr || reactor_.is_inside())
        return fail(ErrorCode::refused,
                    "publish_and_wait of " + std::string(topic) +
                        " in a handler or on the node's loop could wait for itself: publish it, "
                        "and go on in a handler of what follows");
    if (const auto running = check_running(false); !running)
        return running;
    if (const auto allowed = check_publishable(topic); !allowed)
        return allowed;
    const auto headers = encode_headers(options.headers);
    const auto draft = draft_of(topic, payload, options, headers);
    const auto sequence = outgoing_->publish_and_wait(draft, now() + patience);
    if (!sequence)
        return tl::unexpected(sequence.error());
    show(draft, *sequence);
    return {};
}

Draft NodeCore::draft_of(std::string_view topic, const Payload& payload,
                         const EventOptions& options, std::string_view headers) const {
    return {topic,
            options.key,
            payload.content_type,
            bytes_of(headers),
            std::nullopt,
            bytes_of(payload.bytes),
            options.level.value_or(event_rules_.level_of(topic))};
}

Result<void> NodeCore::check_running(bool is_in_handler) const {
    // While the node stops, its handlers still work off what arrived.
    if (!is_open_ || (is_stopping_ && !is_in_handler))
        return fail(ErrorCode::closed,
                    is_open_ ? "the node is stopping" : "the node is not started");
    return {};
}

Result<void> NodeCore::check_publishable(std::string_view topic) const {
    const bool is_declared = std::ranges::any_of(
        publishable_, [&](const Pattern& pattern) { return pattern.matches(topic); });
    if (!is_declared)
        return fail(ErrorCode::refused, "service \"" + identity_.service + "\" publishes \"" +
                                            std::string(topic) +
                                            "\", which its contract does not declare");
    return {};
}

Result<void> NodeCore::publish_draft(const Draft& draft, bool may_wait) {
    const auto sequence = outgoing_->publish(draft, may_wait);
    if (!sequence)
        return tl::unexpected(sequence.error());
    show(draft, *sequence);
    return {};
}

void NodeCore::show(const Draft& draft, std::uint64_t sequence) const {
    if (tap) {
        Event event;
        event.topic = draft.topic;
        event.id = {identity_.id, identity_.incarnation, sequence};
        event.service = identity_.service;
        event.time = wall_now();
        event.key = draft.key;
        event.content_type = draft.content_type;
        event.headers = draft.headers;
        event.cause = draft.cause;
        event.payload = draft.payload;
        tap(event);
    }
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
