// Outgoing, the part that opens and closes links. The loop's thread.

#include "mesh/base/log.hpp"
#include "mesh/net/endpoints.hpp"
#include "mesh/node/outgoing.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

using namespace std::chrono_literals;

constexpr LinkNumber self_link = 0;
constexpr Duration head_interval = 1s;
constexpr Duration away_max = 24h;

/// Credit beyond this would only be a promise to keep more for the peer than there is memory.
Volume bounded(Volume window) {
    constexpr Volume window_max{1'000'000, std::uint64_t{64} * 1024 * 1024};
    return {std::min(window.events, window_max.events), std::min(window.bytes, window_max.bytes)};
}

SubscriptionRequest request_of(const Peer& peer, const Opened::Subscription& one) {
    const auto& handler = peer.contract->handlers[one.index];
    SubscriptionRequest request;
    // Instances are numbered by each machine for itself, so the name alone does not tell them
    // apart.
    request.key =
        peer.service + "/" + handler.name + "/" + peer.instance + "@" + short_text(peer.id);
    request.index = one.index;
    request.patterns = handler.on;
    request.policy = one.policy;
    request.depth = one.depth;
    request.window = bounded({one.window_events, one.window_bytes});
    if (one.is_resumed)
        request.start.resume = Progress{one.position, {one.events, one.bytes}};
    request.start.is_lasting = one.is_lasting;
    request.start.from = one.from;
    request.start.age = std::chrono::microseconds(std::min<std::uint64_t>(one.age_us, 60'000'000));
    return request;
}

} // namespace

Outgoing::Peering* Outgoing::find(const NodeId& id) {
    const auto found = peerings_.find(id);
    return found == peerings_.end() ? nullptr : &found->second;
}

void Outgoing::update_peer(const Peer& peer, bool is_wanted) {
    auto& peering = peerings_[peer.id];
    if (peering.number == 0) {
        peering.number = ++last_number_;
        peering.link = Link(std::uint64_t{peering.number} << 32U);
    }
    const bool is_other_run = peering.peer.incarnation != peer.incarnation;
    const bool has_moved = peering.peer.inbox != peer.inbox;
    if ((is_other_run || has_moved) && peering.link.is_dialled())
        act(peering, peering.link.want(false, now()));
    peering.peer = peer;
    if (is_other_run || has_moved || peer.state == PeerState::active)
        peering.link.encourage();
    act(peering, peering.link.want(is_wanted, now()));
}

void Outgoing::remove_peer(const NodeId& id, bool has_left) {
    auto* peering = find(id);
    if (peering == nullptr)
        return;
    if (has_left) {
        const std::lock_guard lock(mutex_);
        publication_.dismiss(peering->number, now());
    }
    act(*peering, peering->link.want(false, now()));
    peerings_.erase(id);
    count_opening();
}

void Outgoing::serve_self(std::uint64_t session, const std::vector<SubscriptionRequest>& requests,
                          std::function<void(std::vector<std::byte>)> deliver) {
    deliver_self_ = std::move(deliver);
    {
        const std::lock_guard lock(mutex_);
        publication_.detach(self_link, now());
        publication_.attach(self_link, session, requests, wall_now(), Duration{});
    }
    progress_.notify_all(); // a handler that rests is not waited for any more
}

void Outgoing::act(Peering& peering, Link::Action action) {
    switch (action) {
    case Link::Action::none:
        return;
    case Link::Action::dial:
        dial(peering);
        break;
    case Link::Action::ask_again:
        send_(peering.peer.id, Open{peering.link.attempt()});
        break;
    case Link::Action::serve:
        serve(peering);
        break;
    case Link::Action::give_up:
        log(LogLevel::warning, "cannot reach the inbox of " + peering.peer.service + " at " +
                                   to_string(peering.peer.inbox));
        send_(peering.peer.id, Unreachable{to_string(peering.peer.inbox)});
        [[fallthrough]];
    case Link::Action::close:
        close(peering);
        break;
    }
    count_opening();
}

std::string Outgoing::address_of(const Peering& peering) const {
    const bool is_near = peering.peer.machine == identity_.machine &&
                         !peering.peer.inbox_name.empty() && peering.link.failures() % 2 == 0;
    return is_near ? abstract_address(peering.peer.inbox_name) : tcp_address(peering.peer.inbox);
}

void Outgoing::dial(Peering& peering) {
    peering.opened.reset();
    try {
        auto socket = std::make_unique<LinkSocket>(context_, address_of(peering));
        const std::lock_guard lock(mutex_);
        lines_[peering.number] = Line{std::move(socket)};
    } catch (const zmq::error_t& error) {
        // The attempt runs into its patience and is tried again.
        log(LogLevel::warning, "cannot dial " + address_of(peering) + ": " + error.what());
        return;
    }
    send_(peering.peer.id, Open{peering.link.attempt()});
}

void Outgoing::serve(Peering& peering) {
    std::vector<SubscriptionRequest> requests;
    for (const auto& one : peering.opened->subscriptions)
        if (one.index < peering.peer.contract->handlers.size())
            requests.push_back(request_of(peering.peer, one));
    {
        const std::lock_guard lock(mutex_);
        const auto line = lines_.find(peering.number);
        if (line == lines_.end())
            return;
        publication_.attach(peering.number, peering.opened->session, requests, wall_now(),
                            now() - started_at_);
        line->second.is_serving = true;
        drain(peering.number, line->second);
    }
    peering.head_sent_at = now();
    progress_.notify_all();
}

void Outgoing::close(Peering& peering) {
    const std::lock_guard lock(mutex_);
    publication_.detach(peering.number, now());
    lines_.erase(peering.number);
    if (peering.link.is_wanted())
        ++opening_count_; // at once: nobody may see a moment without it; counted exactly below
}

void Outgoing::count_opening() {
    const auto count = std::ranges::count_if(peerings_, [](const auto& one) {
        const auto& link = one.second.link;
        // A link that broke is dialled again before anybody may say that all is done.
        return link.is_wanted() && !link.is_serving() && link.failures() <= 1;
    });
    {
        const std::lock_guard lock(mutex_);
        opening_count_ = static_cast<std::size_t>(count);
    }
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
            publication_.acknowledge(peering->number, one.index,
                                     {one.position, {one.events, one.bytes}},
                                     bounded({one.window_events, one.window_bytes}));
    }
    progress_.notify_all();
}

void Outgoing::acknowledge_self(std::uint16_t index, const Progress& progress, Volume window) {
    {
        const std::lock_guard lock(mutex_);
        publication_.acknowledge(self_link, index, progress, window);
    }
    progress_.notify_all();
}

void Outgoing::on_rewind(const NodeId& id, const Rewind& rewind) {
    auto* peering = find(id);
    if (peering == nullptr || rewind.session != peering->link.session())
        return;
    const std::lock_guard lock(mutex_);
    for (const auto& one : rewind.subscriptions)
        publication_.rewind(peering->number, one.index, {one.position, {one.events, one.bytes}});
}

void Outgoing::on_reopen(const NodeId& id, const Reopen& reopen) {
    if (auto* peering = find(id))
        act(*peering, peering->link.reopen(reopen.session, now()));
}

bool Outgoing::is_linked(const NodeId& id) const {
    const auto found = peerings_.find(id);
    return found != peerings_.end() && found->second.link.is_serving();
}

void Outgoing::take_news() {
    {
        const std::lock_guard lock(mutex_);
        if (!std::exchange(has_news_, false))
            return;
    }
    std::vector<NodeId> broken;
    for (auto& [id, peering] : peerings_) {
        bool is_subscribed = false;
        bool is_unsubscribed = false;
        {
            const std::lock_guard lock(mutex_);
            const auto line = lines_.find(peering.number);
            if (line == lines_.end())
                continue;
            is_subscribed = std::exchange(line->second.is_subscribed, false);
            is_unsubscribed = std::exchange(line->second.is_unsubscribed, false);
        }
        if (is_subscribed)
            act(peering, peering.link.subscribed(now()));
        if (is_unsubscribed) {
            act(peering, peering.link.unsubscribed(now()));
            broken.push_back(id);
        }
    }
    for (const auto& id : broken)
        doubt_(id);
}

void Outgoing::tick() {
    const auto time = now();
    {
        const std::lock_guard lock(mutex_);
        for (auto& [number, line] : lines_)
            look(line);
    }
    take_news();
    for (auto& [id, peering] : peerings_)
        act(peering, peering.link.tick(time));
    send_heads(time);
    std::vector<std::string> retired;
    {
        const std::lock_guard lock(mutex_);
        retired = publication_.retire(time, away_max);
    }
    for (const auto& key : retired)
        log(LogLevel::warning, "subscription " + key + " was away too long and is forgotten");
}

void Outgoing::send_heads(TimePoint time) {
    for (auto& [id, peering] : peerings_) {
        if (!peering.link.is_serving() || time - peering.head_sent_at < head_interval)
            continue;
        Head head{peering.link.session(), {}};
        {
            const std::lock_guard lock(mutex_);
            if (publication_.is_dry(peering.number))
                continue;
            for (const auto& [index, position] : publication_.heads(peering.number))
                head.subscriptions.push_back({index, position});
        }
        peering.head_sent_at = time;
        send_(id, head);
    }
}

} // namespace mesh
