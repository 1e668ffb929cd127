#include "mesh/node/meeting/joining.hpp"

#include "mesh/base/log.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

Joining::Joining(Reactor& reactor, const Identity& identity,
                 std::vector<std::unique_ptr<HandlerRunner>>& handlers, AdmissionOptions options,
                 Hooks hooks)
    : reactor_(reactor),
      handlers_(handlers),
      hooks_(std::move(hooks)),
      admission_([&] {
          options.id = identity.id;
          options.incarnation = identity.incarnation;
          options.contract = std::make_shared<const Contract>(identity.contract);
          return std::move(options);
      }()),
      gates_(handlers.size(), Gate::open) {}

void Joining::start() {
    const auto outcome = admission_.start(now());
    for (std::size_t i = 0; i < handlers_.size(); ++i)
        if (!admission_.runs(i)) {
            handlers_[i]->hold();
            gates_[i] = Gate::held;
        }
    take(outcome);
}

void Joining::peer_changed(const Peer& peer) {
    if (peer.is_observer)
        return;
    if (peer.state == PeerState::gone)
        take(admission_.gone(peer.id, peer.incarnation, now()));
    else if (peer.state == PeerState::active || peer.state == PeerState::joining)
        take(admission_.seen(peer.id, peer.incarnation, peer.contract, now()));
}

void Joining::receive(const Peer& from, const Join& join) {
    take(admission_.received(from.id, from.incarnation, join, now()));
}

void Joining::receive(const Peer& from, const JoinAnswer& answer) {
    take(admission_.received(from.id, from.incarnation, answer, now()));
}

void Joining::tick() {
    take(admission_.tick(now(), reactor_.lateness()));
}

void Joining::leave() {
    for (const auto& [to, body] : admission_.leave(now()).messages)
        hooks_.send(to, body);
    has_left_ = true;
}

void Joining::take(const AdmissionOutcome& outcome) {
    if (has_left_)
        return;
    for (const auto& [to, body] : outcome.messages)
        hooks_.send(to, body);
    for (const auto& line : outcome.lines)
        log_lines(LogLevel::warning, line);
    if (apply() || outcome.has_changed)
        hooks_.decided_anew();
    arm();
}

std::vector<std::uint16_t> Joining::quarantined() const {
    std::vector<std::uint16_t> handlers;
    for (std::size_t i = 0; i < gates_.size(); ++i)
        if (gates_[i] == Gate::resting)
            handlers.push_back(static_cast<std::uint16_t>(i));
    return handlers;
}

bool Joining::apply() {
    bool has_changed = false;
    for (std::size_t i = 0; i < handlers_.size(); ++i) {
        auto& gate = gates_[i];
        auto& handler = *handlers_[i];
        if (admission_.runs(i)) {
            // An event that was under way when the rest began has to be over.
            if (gate == Gate::open || (gate == Gate::resting && !handler.is_idle()))
                continue;
            handler.resume();
            if (std::exchange(gate, Gate::open) == Gate::resting) {
                log(LogLevel::info, "handler " + handler.spec().contract.name +
                                        " runs again: it closes no cycle any more");
                has_changed = true;
                hooks_.handler_changed(i);
            }
        } else if (!admission_.is_waiting(i) && admission_.is_decided() && gate != Gate::resting) {
            gate = Gate::resting;
            if (!admission_.is_refused())
                log(LogLevel::warning,
                    "handler " + handler.spec().contract.name +
                        " is quarantined until what it closes a cycle with is gone");
            handler.rest();
            has_changed = true;
            hooks_.handler_changed(i);
        }
    }
    return has_changed;
}

void Joining::arm() {
    if (timer_)
        reactor_.cancel(*timer_);
    timer_.reset();
    const auto due = admission_.due();
    if (!due)
        return;
    timer_ = reactor_.after(std::max(*due - now(), Duration{}), [this] {
        timer_.reset();
        tick();
    });
}

} // namespace mesh
