#include "nodes/up/supervisor.hpp"

#include "mesh/base/quantity.hpp"
#include "nodes/cli/exit_code.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <csignal>
#include <limits>
#include <poll.h>
#include <random>

namespace nodes {

namespace {

/// Between 0 and 1, for the jitter of restarts.
double random_share() {
    static thread_local std::minstd_rand source{std::random_device{}()};
    return std::uniform_real_distribution<double>(0, 1)(source);
}

/// Who was told to stop and did it in the plainest way did not fail, nor did who was killed by
/// order.
bool is_clean_stop(const Member& member, const ExitStatus& status) {
    return status.is_success() || member.is_killed_by_order ||
           (member.is_told_to_stop &&
            (status.signal == SIGTERM || status.code == after_signal(SIGTERM)));
}

} // namespace

Supervisor::Supervisor(const UpOptions& options, std::vector<PlannedProcess> plan, Output& output,
                       RunReport& report, StopSignals& signals, Direction* direction)
    : options_(options),
      output_(output),
      signals_(signals),
      direction_(direction),
      now_(mesh::now()) {
    members_.reserve(plan.size());
    for (auto& process : plan) {
        turn_count_ = std::max(turn_count_, process.turn + 1);
        members_.emplace_back(members_.size(), std::move(process), output, report);
        if (!members_.back().plan().is_asked_for)
            members_.back().state = Member::State::stopped;
    }
}

int Supervisor::run() {
    advance();
    show();
    while (!is_over()) {
        wait();
        now_ = mesh::now();
        for (auto& member : members_)
            member.read(now_);
        if (const auto second = take_signals()) {
            members_.clear(); // kills and reaps
            output_.flush();
            if (direction_ != nullptr)
                direction_->stop();
            return after_signal(*second);
        }
        note_exits();
        take_orders();
        advance();
        show();
    }
    show();
    if (failure_)
        output_.say("stopped: " + *failure_);
    output_.flush();
    return to_int(failure_ ? ExitCode::service_failed : ExitCode::done);
}

void Supervisor::wait() {
    std::vector<pollfd> polled{{.fd = signals_.fd(), .events = POLLIN, .revents = 0}};
    if (direction_ != nullptr)
        polled.push_back({.fd = direction_->fd(), .events = POLLIN, .revents = 0});
    for (auto& member : members_)
        member.add_to(polled);
    int timeout_ms = -1;
    if (const auto deadline = next_deadline()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - mesh::now());
        timeout_ms = static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(
            left.count(), 0, std::numeric_limits<int>::max()));
    }
    output_.flush();
    poll(polled.data(), polled.size(), timeout_ms); // an interruption is a turn with nothing to do
}

std::optional<int> Supervisor::take_signals() {
    while (const auto signal = signals_.take()) {
        if (++signal_count_ > 1)
            return signal;
        if (phase_ == Phase::stopping)
            say("stops already; another signal kills");
        else
            begin_stop(*signal == SIGINT ? "SIGINT" : "SIGTERM");
    }
    return std::nullopt;
}

void Supervisor::note_exits() {
    for (auto& member : members_)
        if (const auto status = member.take_exit(now_)) {
            member.state = Member::State::ended;
            note_exit(member, *status);
        }
}

void Supervisor::note_exit(Member& member, const ExitStatus& status) {
    const auto& plan = member.plan();
    const auto what = plan.label + " " + to_string(status);
    if (phase_ == Phase::stopping) {
        if (!is_clean_stop(member, status))
            fail(what);
        return;
    }
    const bool is_by_order =
        member.is_ordered_to_stop || (member.is_killed_by_order && !plan.restarts);
    if (is_by_order) {
        member.state = Member::State::stopped;
        if (!is_clean_stop(member, status))
            return fail(what);
        say(plan.label + (member.is_killed_by_order ? " was killed" : " has stopped"));
        return;
    }
    if (status.is_success()) {
        say(plan.label + " has ended");
        if (options_.until == plan.service && has_ended(plan.service))
            begin_stop(plan.service + " has ended");
    } else if (plan.restarts) {
        const auto delay = member.backoff.after_life(member.started_at, now_, random_share());
        member.state = Member::State::pausing;
        member.restart_at = now_ + delay;
        output_.say(what + "; starts again in " + mesh::to_text(delay));
    } else {
        fail(what);
    }
}

void Supervisor::advance() {
    restart_due();
    judge_starts();
    judge_ordered_stops();
    if (phase_ == Phase::starting)
        start_turns();
    if (phase_ == Phase::running && run_until_ && now_ >= *run_until_)
        begin_stop("the time of --for is over");
    if (phase_ == Phase::stopping)
        stop_turns();
}

void Supervisor::begin_stop(const std::string& reason) {
    if (phase_ == Phase::stopping)
        return;
    phase_ = Phase::stopping;
    say("stops all, producers first: " + reason);
    for (auto& member : members_)
        if (!member.is_running())
            member.state = Member::State::ended;
}

void Supervisor::fail(const std::string& what) {
    output_.say(what);
    if (!failure_)
        failure_ = what;
    begin_stop("a service failed");
}

bool Supervisor::is_over() const {
    if (direction_ != nullptr && phase_ != Phase::stopping)
        return false; // what has ended may be started again
    const bool has_started_all = next_turn_ == turn_count_ || phase_ == Phase::stopping;
    return has_started_all && std::ranges::all_of(members_, [](const Member& member) {
               return member.state == Member::State::ended;
           });
}

bool Supervisor::has_ended(const std::string& service) const {
    return std::ranges::all_of(members_, [&](const Member& member) {
        return member.plan().service != service || member.state == Member::State::ended;
    });
}

std::optional<mesh::TimePoint> Supervisor::next_deadline() const {
    std::optional<mesh::TimePoint> next;
    const auto consider = [&](std::optional<mesh::TimePoint> deadline) {
        if (deadline && *deadline != mesh::TimePoint::max() && (!next || *deadline < *next))
            next = deadline;
    };
    for (const auto& member : members_) {
        consider(member.exit_deadline());
        if (phase_ == Phase::stopping)
            continue;
        if (member.is_running() && member.is_ordered_to_stop)
            consider(member.stop_by);
        if (member.state == Member::State::pausing)
            consider(member.restart_at);
        if (member.state == Member::State::starting ||
            (member.state == Member::State::pausing && !member.was_ready))
            consider(member.ready_by);
    }
    consider(phase_ == Phase::running ? run_until_ : std::nullopt);
    consider(phase_ == Phase::stopping ? kill_at_ : std::nullopt);
    return next;
}

void Supervisor::say(const std::string& line) {
    if (!options_.is_quiet)
        output_.say(line);
}

} // namespace nodes
