// The steps that start, stop and hurt processes.
#include "nodes/script/driver.hpp"

#include <algorithm>
#include <chrono>

namespace nodes {

namespace {

using namespace std::chrono_literals;

// Longer than the supervisor gives a service to become ready, or to stop: it speaks first.
constexpr mesh::Duration process_patience = 60s;

using State = DirectedProcess::State;

} // namespace

tl::expected<std::vector<std::size_t>, StepFailure> Driver::running(const Target& target) const {
    const auto view = direction_.view();
    auto processes = stage_.processes(view, target);
    std::string found;
    for (const auto i : processes)
        found += (found.empty() ? "" : ", ") + label(view.processes[i]) + " " +
                 std::string(to_text(view.processes[i].state));
    std::erase_if(processes, [&](std::size_t i) { return !view.processes[i].is_running(); });
    if (processes.empty())
        return fail_step("expected " + to_string(target) + " to run, found " +
                         (found.empty() ? "no such replica" : found));
    return processes;
}

StepResult Driver::wait_processes(
    const std::vector<std::size_t>& processes, const std::string& what,
    const std::function<bool(const DirectedProcess&, std::size_t)>& is_so) const {
    const bool has_come = direction_.wait(mesh::now() + process_patience, [&](const auto& view) {
        return std::ranges::all_of(processes,
                                   [&](std::size_t i) { return is_so(view.processes[i], i); });
    });
    if (has_come)
        return {};
    const auto view = direction_.view();
    std::vector<std::string> details;
    details.reserve(processes.size());
    for (const auto i : processes)
        details.push_back(label(view.processes[i]) + " is " +
                          std::string(to_text(view.processes[i].state)));
    return fail_step("expected that it " + what + ", found otherwise after 60s",
                     std::move(details));
}

StepResult Driver::start(const std::vector<std::size_t>& processes) {
    direction_.order(Direction::Act::start, processes);
    return wait_processes(processes, "becomes ready", [](const DirectedProcess& one, std::size_t) {
        return one.state == State::ready;
    });
}

StepResult Driver::stop(const std::vector<std::size_t>& processes) {
    direction_.order(Direction::Act::stop, processes);
    return wait_processes(processes, "stops", [](const DirectedProcess& one, std::size_t) {
        return one.state == State::stopped || one.state == State::ended;
    });
}

StepResult Driver::kill(const std::vector<std::size_t>& processes) {
    const auto before = direction_.view();
    direction_.order(Direction::Act::kill, processes);
    // It may be started again at once, by `restart: on-failure`.
    return wait_processes(processes, "ends", [&](const DirectedProcess& one, std::size_t i) {
        return one.ended_count > before.processes[i].ended_count;
    });
}

StepResult Driver::play(const Order& step) {
    const auto view = direction_.view();
    if (step.kind == Order::Kind::start) {
        const auto processes = stage_.processes(view, step.target);
        if (processes.empty())
            return fail_step("expected a replica to start, found that " + to_string(step.target) +
                             " has none of that number");
        return start(processes);
    }
    const auto processes = running(step.target);
    if (!processes)
        return tl::unexpected(processes.error());
    switch (step.kind) {
    case Order::Kind::kill:
        return kill(*processes);
    case Order::Kind::stop:
        return stop(*processes);
    case Order::Kind::pause:
        direction_.order(Direction::Act::pause, *processes);
        return wait_processes(*processes, "pauses", [](const DirectedProcess& one, std::size_t) {
            return one.is_paused;
        });
    case Order::Kind::resume:
        direction_.order(Direction::Act::resume, *processes);
        return wait_processes(*processes, "goes on", [](const DirectedProcess& one, std::size_t) {
            return !one.is_paused;
        });
    case Order::Kind::start:
        break;
    }
    return {};
}

StepResult Driver::play(const Replicas& step) {
    stage_.set_replicas(step.service, step.count);
    const auto view = direction_.view();
    std::vector<std::size_t> wanted;
    std::vector<std::size_t> surplus;
    for (std::size_t i = 0; i < view.processes.size(); ++i)
        if (view.processes[i].service == step.service)
            (view.processes[i].replica <= step.count ? wanted : surplus).push_back(i);
    auto result = start(wanted);
    return result ? stop(surplus) : result;
}

} // namespace nodes
