#include "mesh/base/quantity.hpp"
#include "mesh/event/start_from.hpp"
#include "nodes/record/replayer.hpp"

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration default_patience = 5s;

double parse_speed(const std::string& text) {
    if (text == "max")
        return 0;
    std::size_t end = 0;
    double speed = 0;
    try {
        speed = std::stod(text, &end);
    } catch (const std::logic_error&) {
        end = 0;
    }
    if (end != text.size() || !(speed > 0) || speed > 1e6)
        throw std::invalid_argument("--speed: expected a number above 0 or max, got \"" + text +
                                    "\"");
    return speed;
}

/// A time, or how long after the recording began.
mesh::WallTime parse_moment(const std::string& option, const std::string& text,
                            mesh::WallTime first_at) {
    if (const auto after = mesh::parse_duration(text))
        return first_at + std::chrono::duration_cast<mesh::WallTime::duration>(*after);
    const auto time = mesh::parse_start_from(text, first_at);
    if (!time || time->kind != mesh::StartFrom::Kind::time)
        throw std::invalid_argument("--" + option +
                                    ": expected a time such as 2026-07-01T12:00:00Z, or how long "
                                    "after the first event, got \"" +
                                    text + "\"");
    return mesh::WallTime(std::chrono::microseconds(time->number));
}

void look(ReplayPlan& plan) {
    plan.topics.clear();
    plan.events = 0;
    plan.first_at.reset();
    const auto looked = look_through(plan);
    if (looked)
        return;
    if (looked.error().code == mesh::ErrorCode::environment)
        throw std::runtime_error(looked.error().detail);
    throw std::invalid_argument(looked.error().detail);
}

ReplayPlan plan_of(const CommandLine& line) {
    ReplayPlan plan;
    plan.file = line.positionals.front();
    plan.speed = parse_speed(line.options.text("speed").value_or("1"));
    plan.loops = line.options.has("loop");
    plan.subscribers_min = line.options.number("wait-subs").value_or(1);
    plan.patience = line.global.timeout.value_or(default_patience);
    plan.is_quiet = line.global.is_quiet;
    for (const auto& text : line.options.texts("map")) {
        auto change = parse_topic_change(text);
        if (!change)
            throw std::invalid_argument("--map: " + change.error().detail);
        plan.changes.push_back(std::move(*change));
    }
    look(plan);
    const auto first_at = plan.first_at.value_or(mesh::WallTime{});
    const auto from = line.options.text("from");
    const auto until = line.options.text("to");
    if (from)
        plan.from = parse_moment("from", *from, first_at);
    if (until)
        plan.until = parse_moment("to", *until, first_at);
    if (from || until)
        look(plan);
    return plan;
}

} // namespace

int run_replay(const Invocation& invocation) {
    auto plan = plan_of(invocation.line);
    if (plan.events == 0) {
        std::cerr << "nothing to replay in " << plan.file << "\n";
        return to_int(ExitCode::done);
    }
    auto options = observer_options(invocation.line.global, "replay");
    options.publishes = {plan.topics.begin(), plan.topics.end()};
    options.drain_patience = mesh::Duration{}; // it waits itself
    Tool tool(invocation, options);
    Replayer replayer(std::move(plan), tool);
    std::thread thread;
    tool.on_signal([&] {
        replayer.stop();
        tool.loop().after(10s, [&] { tool.finish(ExitCode::timed_out); });
    });
    const int code = tool.run(std::nullopt, ExitCode::done,
                              [&] { thread = std::thread([&] { tool.finish(replayer.run()); }); });
    replayer.stop();
    if (thread.joinable())
        thread.join();
    return code;
}

} // namespace nodes
