// Outgoing, the part that deals with sessions: who is served, and how far they are. The loop's
// thread.

#include "mesh/base/log.hpp"
#include "mesh/node/publishing/outgoing.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace mesh {

namespace {

using namespace std::chrono_literals;

constexpr Duration head_interval = 1s;

/// Credit beyond this would only be a promise to keep more for the peer than there is memory.
Volume bounded(Volume window) {
    constexpr Volume window_max{1'000'000, std::uint64_t{64} * 1024 * 1024};
    return {std::min(window.events, window_max.events), std::min(window.bytes, window_max.bytes)};
}

SubscriptionRequest request_of(const Peer& peer, const Opened::Subscription& one, WallTime time) {
    const auto& handler = peer.contract->handlers[handler_of(one.index)];
    SubscriptionRequest request;
    // Instances are numbered by each machine for itself, so the name alone does not tell them
    // apart.
    request.key =
        peer.service + "/" + handler.name + "/" + peer.instance + "@" + short_text(peer.id);
    if (one.is_shared)
        request.group = peer.service + "/" + handler.name;
    request.index = one.index;
    request.patterns = heard_patterns(handler);
    request.policy = one.policy;
    request.depth = one.depth;
    request.window = bounded({one.window_events, one.window_bytes});
    if (one.is_resumed)
        request.start.resume = Progress{one.position, {one.events, one.bytes}};
    if (one.is_remembered)
        request.start.handled = one.position;
    request.start.is_lasting = one.is_lasting;
    request.start.from = one.from;
    request.start.age = std::chrono::microseconds(std::min<std::uint64_t>(one.age_us, 60'000'000));
    constexpr std::uint64_t age_us_max = std::uint64_t{1} << 52U; // longer than any node runs
    request.member_since = time - std::chrono::microseconds(std::min(one.age_us, age_us_max));
    return request;
}

} // namespace

void Outgoing::serve_self(std::uint64_t session, const std::vector<SubscriptionRequest>& requests,
                          std::function<void(ReceivedBatch)> deliver) {
    self_session_ = session;
    is_serving_self_ = false;
    {
        const std::lock_guard lock(mutex_);
        deliveries_.detach(self_link, now());
        deliveries_.attach(self_link, session, requests, wall_now(), Duration{});
    }
    progress_.notify_all(); // a handler that rests is not waited for any more
    deliver_self_ = std::move(deliver);
    const auto begin = [this, session] {
        is_serving_self_ = is_serving_self_ || self_session_ == session;
    };
    if (before_serving_)
        before_serving_(begin);
    else
        begin();
}

void Outgoing::serve(Peering& peering) {
    const auto time = wall_now();
    std::vector<SubscriptionRequest> requests;
    for (const auto& one : peering.opened->subscriptions)
        if (handler_of(one.index) < peering.peer.contract->handlers.size())
            add_request(requests, request_of(peering.peer, one, time));
    const auto session = peering.opened->session;
    if (disowns(peering, requests))
        return;
    {
        const std::lock_guard lock(mutex_);
        if (!lines_.contains(peering.number))
            return;
        deliveries_.attach(peering.number, session, requests, time, now() - started_at_);
    }
    if (before_serving_)
        before_serving_([this, id = peering.peer.id, session] { begin(id, session); });
    else
        begin(peering.peer.id, session);
}

/// Whether the peer knows events that this journal never had. Then it is told so, and a new link
/// begins where both agree.
bool Outgoing::disowns(Peering& peering, const std::vector<SubscriptionRequest>& requests) {
    std::vector<Open::Foreign> foreign;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [index, position] : deliveries_.foreign(requests, now() - started_at_))
            foreign.push_back({index, position});
    }
    const bool is_told = std::exchange(peering.foreign, foreign) == foreign;
    if (is_told)
        return false; // nothing, or it does not listen
    for (const auto& one : foreign)
        log(LogLevel::error, peering.peer.service +
                                 " knows events of this node's journal that are "
                                 "not in it: it is an older copy, or lost its end; handler " +
                                 peering.peer.contract->handlers[handler_of(one.index)].name +
                                 " goes on behind event " + std::to_string(one.position));
    act(peering, peering.link.reopen(peering.link.session(), now()));
    return true;
}

void Outgoing::begin(const NodeId& id, std::uint64_t session) {
    auto* peering = find(id);
    if (peering == nullptr || !peering->link.is_serving() || peering->link.session() != session)
        return;
    {
        const std::lock_guard lock(mutex_);
        const auto line = lines_.find(peering->number);
        if (line == lines_.end())
            return;
        line->second.is_serving = true;
        drain(peering->number, line->second);
    }
    peering->head_sent_at = now();
    progress_.notify_all();
}

void Outgoing::on_opened(const NodeId& id, const Opened& opened) {
    auto* peering = find(id);
    if (peering == nullptr || opened.attempt != peering->link.attempt() ||
        peering->peer.contract == nullptr)
        return;
    if (!peering->opened)
        peering->opened = opened;
    act(*peering, peering->link.opened(opened.attempt, opened.session, now()));
}

void Outgoing::on_acknowledge(const NodeId& id, const Acknowledge& acknowledge) {
    auto* peering = find(id);
    if (peering == nullptr || !peering->link.is_serving() ||
        acknowledge.session != peering->link.session())
        return;
    peering->link.acknowledged(now());
    {
        const std::lock_guard lock(mutex_);
        for (const auto& one : acknowledge.subscriptions)
            deliveries_.acknowledge(peering->number, one.index,
                                    {one.position, {one.events, one.bytes}},
                                    bounded({one.window_events, one.window_bytes}));
    }
    progress_.notify_all();
}

void Outgoing::acknowledge_self(SubscriptionIndex index, const Progress& progress, Volume window) {
    {
        const std::lock_guard lock(mutex_);
        deliveries_.acknowledge(self_link, index, progress, window);
    }
    progress_.notify_all();
}

void Outgoing::on_rewind(const NodeId& id, const Rewind& rewind) {
    auto* peering = find(id);
    if (peering == nullptr || rewind.session != peering->link.session())
        return;
    const std::lock_guard lock(mutex_);
    for (const auto& one : rewind.subscriptions)
        deliveries_.rewind(peering->number, one.index, {one.position, {one.events, one.bytes}});
}

void Outgoing::on_reopen(const NodeId& id, const Reopen& reopen) {
    if (auto* peering = find(id))
        act(*peering, peering->link.reopen(reopen.session, now()));
}

bool Outgoing::is_linked(const NodeId& id) const {
    const auto found = peerings_.find(id);
    return found != peerings_.end() && found->second.link.is_serving();
}

void Outgoing::send_heads(TimePoint time) {
    for (auto& [id, peering] : peerings_) {
        if (!peering.link.is_serving() || time - peering.head_sent_at < head_interval)
            continue;
        Head head{peering.link.session(), {}};
        {
            const std::lock_guard lock(mutex_);
            if (deliveries_.is_dry(peering.number))
                continue;
            for (const auto& [index, position] : deliveries_.heads(peering.number))
                head.subscriptions.push_back({index, position});
        }
        peering.head_sent_at = time;
        send_(id, head);
    }
}

} // namespace mesh
