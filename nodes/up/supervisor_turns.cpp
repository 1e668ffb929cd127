// The half of the supervisor that walks through the turns: up at the start, down at the stop.
#include "mesh/base/quantity.hpp"
#include "nodes/up/supervisor.hpp"

#include <algorithm>
#include <csignal>

namespace nodes {

void Supervisor::start_turns() {
    while (phase_ == Phase::starting && (next_turn_ == 0 || is_turn_settled(next_turn_ - 1))) {
        if (next_turn_ == turn_count_) {
            say("all services are ready");
            phase_ = Phase::running;
            if (options_.run_for)
                run_until_ = now_ + *options_.run_for;
            return;
        }
        const auto turn = next_turn_++;
        for (auto& member : members_) {
            if (member.plan().turn != turn || member.state != Member::State::waiting)
                continue;
            member.ready_by = now_ + options_.start_timeout;
            if (!start(member))
                return;
        }
    }
}

bool Supervisor::start(Member& member) {
    if (const auto started = member.start(expected_by(member), now_); !started) {
        member.state = Member::State::ended;
        fail(member.plan().label + ": " + started.error().detail);
        return false;
    }
    say("starts " + member.plan().label);
    return true;
}

void Supervisor::restart_due() {
    for (auto& member : members_) {
        if (member.state != Member::State::pausing || now_ < member.restart_at)
            continue;
        if (member.was_ready) // else the time since its first start counts
            member.ready_by = now_ + options_.start_timeout;
        if (!start(member))
            return;
    }
}

void Supervisor::judge_starts() {
    if (phase_ == Phase::stopping)
        return;
    for (auto& member : members_) {
        const bool is_unready = member.state == Member::State::starting ||
                                (member.state == Member::State::pausing && !member.was_ready);
        if (!is_unready || now_ < member.ready_by)
            continue;
        const auto what =
            member.plan().label + " was not ready within " + mesh::to_text(options_.start_timeout);
        if (!member.was_ready) {
            fail(what);
            return;
        }
        output_.say(what + " of its restart: it is killed");
        member.ready_by = mesh::TimePoint::max();
        member.send(SIGKILL);
    }
}

void Supervisor::stop_turns() {
    const auto last = std::find_if(members_.rbegin(), members_.rend(),
                                   [](const Member& member) { return member.is_running(); });
    if (last == members_.rend())
        return;
    const auto turn = last->plan().turn;
    const auto each_running = [&](auto act) {
        for (auto& member : members_)
            if (member.is_running() && member.plan().turn == turn)
                act(member);
    };
    if (stopping_turn_ != turn) {
        stopping_turn_ = turn;
        kill_at_ = now_ + options_.stop_timeout;
        each_running([](Member& member) {
            member.is_told_to_stop = true;
            member.send(SIGTERM);
            member.send(SIGCONT); // one that is paused would not hear of it
        });
    } else if (kill_at_ && now_ >= *kill_at_) {
        kill_at_.reset();
        each_running([&](Member& member) {
            fail(member.plan().label + " did not stop within " +
                 mesh::to_text(options_.stop_timeout) + " and was killed");
            member.send(SIGKILL);
        });
    }
}

bool Supervisor::is_turn_settled(std::size_t turn) const {
    return std::ranges::all_of(members_, [&](const Member& member) {
        return member.plan().turn != turn || member.was_ready ||
               member.state == Member::State::ended || member.state == Member::State::stopped;
    });
}

/// Whoever starts before it, also when it starts again: producers find it by themselves, and one
/// that has published all and ends meanwhile would be waited for in vain.
std::string Supervisor::expected_by(const Member& member) const {
    std::string services;
    const std::string* last = nullptr;
    for (const auto& other : members_) {
        const auto& service = other.plan().service;
        if (other.state != Member::State::ready || other.plan().turn >= member.plan().turn ||
            (last != nullptr && *last == service))
            continue;
        if (!services.empty())
            services += ',';
        services += service;
        last = &service;
    }
    return services;
}

} // namespace nodes
