// NodeCore, the part that asks handlers for a reply, and replies. Any thread.

#include "mesh/flow/causality.hpp"
#include "mesh/node/core.hpp"
#include "mesh/wire/reserved_headers.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace mesh {

namespace {

using namespace std::chrono_literals;

// A subscriber that was there a moment ago may just be linked anew.
constexpr Duration listener_patience = 500ms;

} // namespace

Result<Requests::Open> NodeCore::begin_request(std::string_view topic, const Payload& payload,
                                               const RequestOptions& options) {
    const auto deadline = now() + options.deadline;
    auto* emitter = Emitter::current();
    const bool is_in_handler = emitter != nullptr && emitter->owner() == this;
    if (auto running = check_running(is_in_handler); !running)
        return tl::unexpected(running.error());
    if (auto allowed = check_publishable(topic); !allowed)
        return tl::unexpected(allowed.error());
    if (const auto* held = disk_if_open(); held != nullptr && DiskHold::is_held_here(*held))
        return fail(ErrorCode::refused, "a request of " + std::string(topic) +
                                            " while the handler holds the store could wait for "
                                            "itself: make it in a handler that takes no store");

    // In a handler it is said because of its event, and is an emit like any other; but at once.
    std::optional<OwnedCause> cause;
    if (is_in_handler && !topics_.facts_of(topic).is_entry) {
        if (!emitter->allows(topic))
            return fail(ErrorCode::refused, "handler \"" + std::string(emitter->handler()) +
                                                "\" requests \"" + std::string(topic) +
                                                "\", which its `emits` does not declare");
        const auto& handlers = identity_.contract.handlers;
        const auto handler =
            std::ranges::find(handlers, emitter->handler(), &HandlerContract::name);
        if (const auto* because = emitter->because();
            because != nullptr && handler != handlers.end()) {
            auto made =
                cause_of(*because, topic, *handler, identity_.contract.loops, chains_.longest());
            if (!made)
                return tl::unexpected(made.error());
            cause.emplace(std::move(*made));
        }
    }

    const auto level = options.event.level.value_or(topics_.facts_of(topic).level);
    if (outgoing_->subscriber_count(topic, level) == 0 &&
        (reactor_.is_inside() ||
         !outgoing_->wait_subscribers(topic, level, 1,
                                      std::min(deadline, now() + listener_patience))))
        return fail(ErrorCode::refused, "nobody handles " + std::string(topic) +
                                            ", so nobody can reply; nothing was published");
    auto open = requests_.begin(std::string(topic), deadline);
    if (!open)
        return open;
    const auto headers = encode_event_headers(options.event, open->number);
    Result<Publishing::Published> published;
    if (!headers) {
        published = tl::unexpected(headers.error());
    } else {
        auto draft = draft_of(topic, payload, options.event, *headers);
        if (cause)
            draft.cause = cause->cause;
        const auto handler_count = outgoing_->subscriber_count(topic, level);
        published = outgoing_->publish_by(*packed(draft), deadline);
        if (published) {
            requests_.expect(open->number, std::max<std::size_t>(1, handler_count));
            show(draft, *published);
        }
    }
    if (!published) {
        requests_.forget(open->number);
        return tl::unexpected(published.error());
    }
    return open;
}

Result<Payload> NodeCore::request(std::string_view topic, const Payload& payload,
                                  const RequestOptions& options) {
    if (reactor_.is_inside())
        return fail(ErrorCode::refused, "a request of " + std::string(topic) +
                                            " on the node's loop, or in an inline handler, would "
                                            "wait for itself: use request_later");
    const auto deadline = now() + options.deadline;
    auto open = begin_request(topic, payload, options);
    if (!open)
        return tl::unexpected(open.error());
    if (open->reply.wait_until(deadline) != std::future_status::ready)
        requests_.time_out(open->number);
    return open->reply.get();
}

std::future<Result<Payload>> NodeCore::request_later(std::string_view topic, const Payload& payload,
                                                     const RequestOptions& options) {
    auto open = begin_request(topic, payload, options);
    if (open)
        return std::move(open->reply);
    std::promise<Result<Payload>> failed;
    failed.set_value(tl::unexpected(open.error()));
    return failed.get_future();
}

void NodeCore::reply(const Event& request, Reply reply) {
    reply.handler = identity_.service + "." + reply.handler;
    if (request.id.source == identity_.id)
        return requests_.receive(identity_.id, reply);
    reactor_.post([this, to = request.id.source, reply = std::move(reply)] {
        neighbours_->send(to, reply, true);
    });
}

} // namespace mesh
