#include "mesh/node/core.hpp"

#include "mesh/base/log.hpp"
#include "mesh/net/context.hpp"

#include <algorithm>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace mesh {

namespace {

using namespace std::chrono_literals;

constexpr Duration tick_interval = 100ms;
constexpr Duration settling_tick_interval = 20ms;
constexpr Duration settling_tick_interval_a_peer = 250us;
constexpr Duration asleep_min = 500ms;
constexpr Duration ready_check_interval = 5ms; // a crowd of peers takes a while to look through
constexpr Duration chains_patience = 1s;

} // namespace

NodeCore::NodeCore(NodeOptions options)
    : options_(with_environment(std::move(options))),
      readiness_(options_.expects),
      context_(make_context()) {}

NodeCore::~NodeCore() {
    requests_.close();
    if (outgoing_)
        outgoing_->close(); // lets handlers go that wait for credit
}

void NodeCore::add_address(const Endpoint& address) {
    if (is_open_)
        neighbours_->add_address(address);
    else
        options_.peers.push_back(address);
}

void NodeCore::loop() {
    open();
    reactor_.add_changing([this](std::vector<int>& fds) { turn(fds); },
                          [this](int fd) { outgoing_->readable(fd); });
    ticked_at_ = now();
    if (!options_.is_observer) {
        prepare_joining();
        joining_->start();
    }
    start_clocks();
    tick();
    reactor_.run();
    report();
}

void NodeCore::sight(const Sighting& sighting) {
    if (cut_.holds(sighting.id, now()))
        return;
    neighbours_->sight(sighting);
    // Heard of is enough to be waited for, though nothing is known of it yet; and the run before
    // is over.
    const auto* peer = neighbours_->find(sighting.id);
    if (peer == nullptr || peer->contract)
        return;
    if (joining_)
        joining_->peer_changed(*peer);
    note(*peer);
}

void NodeCore::note(const Peer& peer) {
    const std::lock_guard lock(peers_mutex_);
    if (peer.state == PeerState::gone)
        peers_.erase(peer.id);
    else
        peers_[peer.id] = peer;
}

void NodeCore::tick() {
    const auto time = now();
    const bool was_asleep = time - std::exchange(ticked_at_, time) > asleep_min;
    if (was_asleep) {
        // What the others said meanwhile still waits in the sockets: read it before judging them.
        reactor_.after(Duration{}, [this] { tick(); });
        return;
    }
    for (const auto& [id, incarnation] : incoming_->take_heard())
        neighbours_->hear(id, incarnation);
    cut_.heal(time);
    neighbours_->tick(reactor_.lateness());
    outgoing_->tick();
    incoming_->tick();
    asking_->tick(time);
    requests_.tick(time);
    answering_->note_progress(); // a handler that came to rest makes none
    if (joining_)
        joining_->tick();
    // One that is never introduced must not keep the others from being counted.
    if (!neighbours_->is_settling() || time - chains_counted_at_ > chains_patience) {
        chains_counted_at_ = time;
        chains_.update();
    }
    const auto settling_interval =
        std::min(tick_interval,
                 settling_tick_interval + static_cast<std::int64_t>(neighbours_->peer_count()) *
                                              settling_tick_interval_a_peer);
    reactor_.after(neighbours_->is_settling() ? settling_interval : tick_interval,
                   [this] { tick(); });
}

void NodeCore::turn(std::vector<int>& fds) {
    incoming_->pump();
    outgoing_->collect(fds);
    incoming_->pump(); // what this node just gave to itself
    if (!is_ready_ && now() >= ready_check_at_)
        check_ready();
    if (draining_ != Draining::no)
        check_drained();
}

void NodeCore::dispatch(const Peer& from, const ControlBody& body) {
    if (const auto* open = std::get_if<Open>(&body))
        return neighbours_->send(from.id, incoming_->open(from, *open), true);
    if (const auto* opened = std::get_if<Opened>(&body))
        return outgoing_->on_opened(from.id, *opened);
    if (const auto* acknowledge = std::get_if<Acknowledge>(&body))
        return outgoing_->on_acknowledge(from.id, *acknowledge);
    if (const auto* head = std::get_if<Head>(&body))
        return incoming_->on_head(from.id, *head);
    if (const auto* rewind = std::get_if<Rewind>(&body))
        return outgoing_->on_rewind(from.id, *rewind);
    if (const auto* reopen = std::get_if<Reopen>(&body))
        return outgoing_->on_reopen(from.id, *reopen);
    if (const auto* join = std::get_if<Join>(&body); join && joining_)
        return joining_->receive(from, *join);
    if (const auto* answer = std::get_if<JoinAnswer>(&body); answer && joining_)
        return joining_->receive(from, *answer);
    if (const auto* question = std::get_if<Question>(&body))
        return answering_->receive(from.id, *question);
    if (const auto* answer = std::get_if<Answer>(&body))
        return asking_->receive(from.id, *answer);
    if (const auto* reply = std::get_if<Reply>(&body))
        return requests_.receive(from.id, *reply);
    if (const auto* unreachable = std::get_if<Unreachable>(&body)) {
        log(LogLevel::error, from.service + " cannot connect to this node's inbox at " +
                                 unreachable->endpoint + ": see --listen and --advertise");
        if (on_unreachable)
            on_unreachable(unreachable->endpoint);
    }
}

bool NodeCore::wants_from_here(const Peer& peer) const {
    return peer.contract && reaches(identity_.contract, *peer.contract);
}

bool NodeCore::wants_from_there(const Peer& peer) const {
    return peer.contract && std::ranges::any_of(handlers_, [&](const auto& handler) {
               return !handler->is_resting() && reaches(*peer.contract, handler->spec().contract);
           });
}

void NodeCore::peer_changed(const Peer& peer) {
    switch (peer.state) {
    case PeerState::active:
        if (peer.contract)
            chains_.note(peer.contract_hash, *peer.contract);
        incoming_->meet_run(peer.id, peer.incarnation);
        outgoing_->update_peer(peer, wants_from_here(peer));
        break;
    case PeerState::gone:
        outgoing_->remove_peer(peer.id, peer.has_left);
        if (peer.has_left && peer.is_observer)
            incoming_->forget(peer.id);
        else
            incoming_->pause(peer.id);
        break;
    case PeerState::joining:
    case PeerState::suspect:
        break;
    }
    if (joining_)
        joining_->peer_changed(peer);
    note(peer);
    ready_changed_.notify_all();
    for (const auto& watcher : watchers)
        watcher(peer);
}

std::vector<Peer> NodeCore::peers() const {
    std::vector<Peer> all;
    {
        const std::lock_guard lock(peers_mutex_);
        for (const auto& [id, peer] : peers_)
            all.push_back(peer);
    }
    sort(all);
    return all;
}

void NodeCore::check_ready() {
    const auto is_linked = [this](const Peer& peer) {
        return (!wants_from_here(peer) || outgoing_->is_linked(peer.id)) &&
               (!wants_from_there(peer) || incoming_->is_linked(peer.id));
    };
    // Asked in any case: the first time begins its listening.
    const auto time = now();
    const bool is_met =
        readiness_.is_ready(neighbours_->view(), time, reactor_.lateness(), is_linked);
    if (!is_met || (joining_ && !joining_->is_admitted())) {
        ready_check_at_ = time + ready_check_interval;
        reactor_.after(ready_check_interval, [] {}); // looks again
        return;
    }
    {
        const std::lock_guard lock(peers_mutex_);
        is_ready_ = true;
    }
    ready_changed_.notify_all();
    log(LogLevel::debug, "ready: " + identity_.service + " " + identity_.instance);
    if (on_ready)
        on_ready();
    if (options_.ready_fd >= 0) {
        const std::string_view line = "ready\n";
        [[maybe_unused]] const auto written = write(options_.ready_fd, line.data(), line.size());
    }
}

bool NodeCore::wait_ready(TimePoint deadline) {
    std::unique_lock lock(peers_mutex_);
    ready_changed_.wait_until(lock, deadline, [this] { return is_ready_ || is_over_; });
    return is_ready_;
}

} // namespace mesh
