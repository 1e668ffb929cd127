// The part of the supervisor that does what it is ordered while it runs.
#include "mesh/base/quantity.hpp"
#include "nodes/up/supervisor.hpp"

#include <cassert>
#include <csignal>
#include <utility>

namespace nodes {

namespace {

DirectedProcess::State state_of(const Member& member) {
    switch (member.state) {
    case Member::State::waiting:
        return DirectedProcess::State::waiting;
    case Member::State::starting:
        return DirectedProcess::State::starting;
    case Member::State::ready:
        return DirectedProcess::State::ready;
    case Member::State::pausing:
        return DirectedProcess::State::pausing;
    case Member::State::stopped:
        return DirectedProcess::State::stopped;
    case Member::State::ended:
        break;
    }
    return DirectedProcess::State::ended;
}

} // namespace

void Supervisor::take_orders() {
    if (direction_ == nullptr)
        return;
    direction_->run(this);
    if (direction_->ended_with())
        begin_stop("the script has ended");
}

void Supervisor::carry_out(Direction::Act act, std::size_t index) {
    assert(index < members_.size());
    if (phase_ == Phase::stopping)
        return;
    auto& member = members_[index];
    switch (act) {
    case Direction::Act::start:
        return order_start(member);
    case Direction::Act::stop:
        return order_stop(member);
    case Direction::Act::kill:
        member.is_killed_by_order = member.is_running();
        return member.send(SIGKILL);
    case Direction::Act::pause:
        member.is_paused = member.is_running();
        return member.send(SIGSTOP);
    case Direction::Act::resume:
        member.is_paused = false;
        return member.send(SIGCONT);
    }
}

void Supervisor::order_start(Member& member) {
    if (member.state == Member::State::pausing) {
        member.restart_at = now_;
        return;
    }
    if (member.state != Member::State::stopped && member.state != Member::State::ended)
        return;
    member.ready_by = now_ + options_.start_timeout;
    start(member);
}

void Supervisor::order_stop(Member& member) {
    if (!member.is_running()) {
        if (member.state != Member::State::ended)
            member.state = Member::State::stopped;
        return;
    }
    member.is_told_to_stop = true;
    member.is_ordered_to_stop = true;
    member.stop_by = now_ + options_.stop_timeout;
    member.ready_by = mesh::TimePoint::max(); // it need not become ready any more
    member.send(SIGTERM);
    member.send(SIGCONT);
}

void Supervisor::judge_ordered_stops() {
    for (auto& member : members_) {
        if (phase_ == Phase::stopping || !member.is_running() || !member.is_ordered_to_stop ||
            now_ < member.stop_by)
            continue;
        member.stop_by = mesh::TimePoint::max();
        member.send(SIGKILL);
        fail(member.plan().label + " did not stop within " + mesh::to_text(options_.stop_timeout) +
             " and was killed");
    }
}

void Supervisor::show() const {
    if (direction_ == nullptr)
        return;
    Direction::View view;
    view.is_stopping = phase_ == Phase::stopping;
    for (const auto& member : members_)
        view.processes.push_back({.service = member.plan().service,
                                  .replica = member.plan().replica,
                                  .instance = member.plan().instance,
                                  .state = state_of(member),
                                  .is_paused = member.is_paused,
                                  .ended_count = member.ended_count});
    direction_->show(std::move(view));
}

} // namespace nodes
