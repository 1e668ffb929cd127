// NodeCore, the part that publishes. Any thread.

#include "mesh/base/log.hpp"
#include "mesh/event/topic.hpp"
#include "mesh/flow/causality.hpp"
#include "mesh/node/core.hpp"
#include "mesh/wire/reserved_headers.hpp"

#include <stdexcept>
#include <string>

namespace mesh {

namespace {

/// Whether nothing but its topic says how the event is published.
bool is_usual_with(const EventOptions& options) {
    return options.key.empty() && !options.level && !has_headers(options);
}

} // namespace

Result<void> NodeCore::publish(std::string_view topic, const Payload& payload,
                               const EventOptions& options, bool may_wait) {
    auto* emitter = Emitter::current();
    const bool is_usual = is_usual_with(options);
    if (is_usual && emitter == nullptr && may_publish_usual(payload) &&
        outgoing_->publish_usual(topic, payload.content_type, bytes_of(payload.bytes)) != 0)
        return {};
    const bool is_in_handler = emitter != nullptr && emitter->owner() == this;
    if (!is_open_)
        return check_running(is_in_handler); // what the contract declares is not fixed yet
    const auto facts = topics_.facts_of(topic);
    if (is_in_handler && !facts.is_entry) {
        // Said while a handler runs on this thread: it is said because of that handler's event.
        try {
            (*emitter)(topic, payload, options);
        } catch (const Undeclared& error) {
            return fail(ErrorCode::refused, error.what());
        } catch (const std::invalid_argument& error) {
            return fail(ErrorCode::invalid, error.what());
        }
        return {};
    }
    if (auto running = check_running(is_in_handler); !running)
        return running;
    if (!facts.is_publishable)
        return refused_topic(identity_, topic);
    if (is_in_handler && emitter->has_store())
        return say_entry(*emitter, topic, payload, options);
    const auto level = options.level.value_or(facts.level);
    if (!has_headers(options)) {
        auto draft = draft_of(topic, payload, options, {}, level);
        draft.is_usual = is_usual;
        return publish_draft(draft, may_wait);
    }
    const auto headers = encode_event_headers(options);
    if (!headers)
        return tl::unexpected(headers.error());
    return publish_draft(draft_of(topic, payload, options, *headers, level), may_wait);
}

bool NodeCore::may_publish_usual(const Payload& payload) const {
    return is_open_ && !is_stopping_ && payload.bytes.size() < compress_from_bytes_min_ && !tap;
}

/// Who holds the disk waits for nobody, so it leaves with what the handler emits.
Result<void> NodeCore::say_entry(Emitter& emitter, std::string_view topic, const Payload& payload,
                                 const EventOptions& options) {
    if (auto checked = check_topic(topic); !checked)
        return tl::unexpected(checked.error());
    try {
        emitter.say_entry(topic, payload, options);
    } catch (const std::invalid_argument& error) {
        return fail(ErrorCode::limit, error.what());
    }
    return {};
}

Result<void> NodeCore::publish_and_wait(std::string_view topic, const Payload& payload,
                                        const EventOptions& options, Duration patience) {
    if (Emitter::current() != nullptr || reactor_.is_inside())
        return fail(ErrorCode::refused,
                    "publish_and_wait of " + std::string(topic) +
                        " in a handler or on the node's loop could wait for itself: publish it, "
                        "and go on in a handler of what follows");
    if (auto running = check_running(false); !running)
        return running;
    if (auto allowed = check_publishable(topic); !allowed)
        return allowed;
    const auto headers = encode_event_headers(options);
    if (!headers)
        return tl::unexpected(headers.error());
    const auto draft = draft_of(topic, payload, options, *headers);
    const auto published = outgoing_->publish_and_wait(*packed(draft), now() + patience);
    if (!published)
        return tl::unexpected(published.error());
    show(draft, *published);
    return {};
}

Draft NodeCore::draft_of(std::string_view topic, const Payload& payload,
                         const EventOptions& options, std::string_view headers) const {
    return draft_of(topic, payload, options, headers,
                    options.level ? *options.level : topics_.facts_of(topic).level);
}

Draft NodeCore::draft_of(std::string_view topic, const Payload& payload,
                         const EventOptions& options, std::string_view headers, Level level) {
    return {topic,
            options.key,
            payload.content_type,
            bytes_of(headers),
            std::nullopt,
            bytes_of(payload.bytes),
            level};
}

Result<void> NodeCore::check_running(bool is_in_handler) const {
    // While the node stops, its handlers still work off what arrived.
    if (!is_open_ || (is_stopping_ && !is_in_handler))
        return fail(ErrorCode::closed,
                    is_open_ ? "the node is stopping" : "the node is not started");
    return {};
}

Result<void> NodeCore::check_publishable(std::string_view topic) const {
    return topics_.facts_of(topic).is_publishable ? Result<void>()
                                                  : refused_topic(identity_, topic);
}

Result<void> NodeCore::refused_topic(const Identity& identity, std::string_view topic) {
    return fail(ErrorCode::refused, "service \"" + identity.service + "\" publishes \"" +
                                        std::string(topic) +
                                        "\", which its contract does not declare");
}

/// Before anything is locked; it is not waited for by other threads.
PackedDraft NodeCore::packed(const Draft& draft) {
    if (draft.payload.size() < compress_from_bytes_min_)
        return PackedDraft(draft);
    const auto from = topics_.facts_of(draft.topic).compress_from_bytes;
    const auto size = from ? from : options_.compress_from_bytes;
    return size && draft.payload.size() >= *size ? packing_.pack(draft) : PackedDraft(draft);
}

Result<void> NodeCore::publish_draft(const Draft& draft, bool may_wait) {
    const auto published = draft.payload.size() < compress_from_bytes_min_
                               ? outgoing_->publish(draft, may_wait)
                               : outgoing_->publish(*packed(draft), may_wait);
    if (!published)
        return tl::unexpected(published.error());
    show(draft, *published);
    return {};
}

void NodeCore::show(const Draft& draft, const Publishing::Published& published) const {
    if (tap)
        tap(event_of(draft, published.is_durable ? 0 : identity_.incarnation, published.sequence));
}

/// An event that arrived. What cannot be read is not shown: its handlers tell of it.
void NodeCore::show(const ArrivedEvent& event) {
    if (!event.is_compressed)
        return tap(event);
    if (const auto plain = packing_.unpack(event.payload)) {
        Event whole = event;
        whole.payload = plain->bytes();
        tap(whole);
    }
}

Event NodeCore::event_of(const Draft& draft, std::uint32_t incarnation,
                         std::uint64_t sequence) const {
    Event event;
    event.topic = draft.topic;
    event.id = {identity_.id, incarnation, sequence};
    event.service = identity_.service;
    event.time = wall_now();
    event.key = draft.key;
    event.content_type = draft.content_type;
    event.headers = draft.headers;
    event.cause = draft.cause;
    event.payload = draft.payload;
    return event;
}

Result<Emitted> NodeCore::emit(const HandlerContract& handler, const Emitter::Said& said,
                               const Event* because, CommonCause& common) {
    const bool is_usual = is_usual_with(said.options);
    Error refusal{};
    if (because != nullptr && (!common.cause || common.topic != said.topic)) {
        auto cause =
            cause_of(*because, said.topic, handler, identity_.contract.loops, chains_.longest());
        common.topic = said.topic;
        common.cause.reset();
        if (cause)
            common.cause.emplace(std::move(*cause));
        else
            refusal = std::move(cause.error());
    }
    const bool is_stopped = because != nullptr && !common.cause;
    if (is_usual && because != nullptr && !is_stopped && may_publish_usual(said.payload) &&
        outgoing_->publish_usual(said.topic, said.payload.content_type,
                                 bytes_of(said.payload.bytes), &common.cause->cause) != 0)
        return Emitted::published;
    const auto headers =
        has_headers(said.options) ? encode_event_headers(said.options) : Result<std::string>();
    if (!headers)
        return tl::unexpected(headers.error());
    auto draft = draft_of(said.topic, said.payload, said.options, *headers);
    draft.is_usual = is_usual;
    if (!is_stopped) {
        if (because != nullptr)
            draft.cause = common.cause->cause;
        return publish_draft(draft, true).map([] { return Emitted::published; });
    }
    // It says of itself where it would have stood.
    const auto path = path_to(*because);
    const auto before = because->cause.value_or(Cause{});
    draft.cause = before;
    draft.cause->event = because->id;
    draft.cause->trace = because->trace();
    draft.cause->path = path;
    const auto reason = refusal.code == ErrorCode::limit ? DeadReason::rounds : DeadReason::rank;
    bury({handler.name, reason, 0, refusal.detail, wall_now(),
          OwnedEvent(event_of(draft, identity_.incarnation, 0)), path + " " + said.topic});
    return Emitted::stopped;
}

} // namespace mesh
