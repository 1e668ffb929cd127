// Outgoing, the part that opens and closes links. The loop's thread.

#include "mesh/base/log.hpp"
#include "mesh/net/endpoints.hpp"
#include "mesh/node/publishing/outgoing.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

using namespace std::chrono_literals;

constexpr Duration away_max = 24h;

} // namespace

Outgoing::Peering* Outgoing::find(const NodeId& id) {
    const auto found = peerings_.find(id);
    return found == peerings_.end() ? nullptr : &found->second;
}

void Outgoing::update_peer(const Peer& peer, bool is_wanted) {
    auto& peering = peerings_[peer.id];
    if (peering.number == 0) {
        peering.number = ++last_number_;
        // The attempts of the two streams to one peer are told apart.
        const std::uint64_t stream = journal_ == 0 ? 0 : std::uint64_t{1} << 63U;
        peering.link = Link(stream | (std::uint64_t{peering.number} << 32U), seeds_());
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
        deliveries_.dismiss(peering->number, now());
    }
    act(*peering, peering->link.want(false, now()));
    peerings_.erase(id);
    count_opening();
}

void Outgoing::act(Peering& peering, Link::Action action) {
    switch (action) {
    case Link::Action::none:
        return;
    case Link::Action::dial:
        dial(peering);
        break;
    case Link::Action::ask_again:
        send_(peering.peer.id, Open{peering.link.attempt(), journal_, peering.foreign});
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
        auto socket = std::make_unique<LinkSocket>(context_, address_of(peering), buffers_);
        const std::lock_guard lock(mutex_);
        lines_[peering.number] = Line{std::move(socket)};
    } catch (const zmq::error_t& error) {
        // The attempt runs into its patience and is tried again.
        log(LogLevel::warning, "cannot dial " + address_of(peering) + ": " + error.what());
        return;
    }
    send_(peering.peer.id, Open{peering.link.attempt(), journal_, peering.foreign});
}

void Outgoing::close(Peering& peering) {
    const std::lock_guard lock(mutex_);
    deliveries_.detach(peering.number, now());
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

std::vector<std::string> Outgoing::tick() {
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
    std::vector<std::string> news;
    {
        const std::lock_guard lock(mutex_);
        retired = deliveries_.retire(time, away_max);
        news = deliveries_.take_news();
    }
    for (const auto& line : news)
        log(LogLevel::info, line);
    for (const auto& key : retired)
        log(LogLevel::warning, "subscription " + key + " was away too long and is forgotten");
    return retired;
}

} // namespace mesh
