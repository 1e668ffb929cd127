#include "nodes/record/replayer.hpp"

#include "mesh/base/quantity.hpp"
#include "nodes/text/progress_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <unistd.h>
#include <utility>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration progress_interval = 200ms;

/// Calls `take` with each event that is to be replayed, until it returns false.
mesh::Result<void> read_recording(const ReplayPlan& plan,
                                  const std::function<bool(const RecordedEvent&)>& take) {
    std::ifstream file(plan.file);
    if (!file)
        return mesh::fail(mesh::ErrorCode::environment, plan.file + ": cannot be read");
    std::string line;
    for (std::uint64_t number = 1; std::getline(file, line); ++number) {
        if (line.empty())
            continue;
        const auto event = parse_recorded(line);
        if (!event)
            return mesh::fail(mesh::ErrorCode::malformed,
                              fmt::format("{}:{}: {}", plan.file, number, event.error().detail));
        if (event->time >= plan.from && event->time <= plan.until && !take(*event))
            break;
    }
    return {};
}

} // namespace

mesh::Result<void> look_through(ReplayPlan& plan) {
    return read_recording(plan, [&](const RecordedEvent& event) {
        plan.topics.insert(changed_topic(event.topic, plan.changes));
        plan.first_at = std::min(plan.first_at.value_or(event.time), event.time);
        ++plan.events;
        return true;
    });
}

Replayer::Replayer(ReplayPlan plan, Tool& tool)
    : plan_(std::move(plan)), tool_(tool), pause_(STDIN_FILENO) {}

void Replayer::stop() {
    is_stopped_ = true;
    pause_.stop();
}

ExitCode Replayer::run() {
    if (!has_subscribers())
        return ExitCode::timed_out;
    auto code = ExitCode::done;
    do
        code = play();
    while (plan_.loops && code == ExitCode::done && !is_stopped_ && plan_.events > 0);
    tell_progress(true);
    if (code != ExitCode::done)
        return code;
    if (tool_.node().wait_dry(plan_.patience))
        return ExitCode::done;
    std::cerr << "timed out: not every subscriber has acknowledged\n";
    return ExitCode::timed_out;
}

bool Replayer::has_subscribers() {
    const auto deadline = mesh::now() + plan_.patience;
    auto& node = tool_.node();
    const auto count = [&] {
        std::size_t all = 0;
        for (const auto& topic : plan_.topics)
            all += node.subscriber_count(topic);
        return all;
    };
    node.wait_ready(plan_.patience);
    while (count() < plan_.subscribers_min && mesh::now() < deadline && !is_stopped_)
        pause_.wait_until(std::min(deadline, mesh::now() + 20ms));
    if (count() >= plan_.subscribers_min && !is_stopped_)
        return true;
    std::cerr << (is_stopped_ ? "stopped: " : "timed out: ") << count() << " of "
              << plan_.subscribers_min << " subscribers; nothing was sent\n";
    return false;
}

/// The recording once.
ExitCode Replayer::play() {
    const auto begin = mesh::now();
    auto code = ExitCode::done;
    const auto read = read_recording(plan_, [&](const RecordedEvent& event) {
        if (plan_.speed > 0) {
            const std::chrono::duration<double, std::micro> since = event.time - *plan_.first_at;
            const auto moment =
                begin + std::chrono::duration_cast<mesh::Duration>(since / plan_.speed);
            if (!pause_.wait_until(moment))
                return false;
        }
        code = is_stopped_ ? ExitCode::done : publish(event);
        return code == ExitCode::done && !is_stopped_;
    });
    if (!read) {
        std::cerr << "dagmesh: " << read.error().detail << "\n";
        return ExitCode::environment;
    }
    return code;
}

ExitCode Replayer::publish(const RecordedEvent& event) {
    mesh::EventOptions options;
    options.key = event.key;
    options.headers = {{"replayof", event.id}};
    const auto topic = changed_topic(event.topic, plan_.changes);
    if (const auto published = tool_.node().publish(topic, event.payload, options); !published) {
        if (is_stopped_)
            return ExitCode::done;
        std::cerr << "dagmesh: " << published.error().detail << "\n";
        return ExitCode::usage;
    }
    ++published_;
    tell_progress(false);
    return ExitCode::done;
}

void Replayer::tell_progress(bool is_over) {
    if (plan_.is_quiet)
        return;
    const auto now = mesh::now();
    if (!is_over && now - told_at_ < progress_interval)
        return;
    told_at_ = now;
    const auto of_all = plan_.loops ? std::string() : fmt::format(" of {}", plan_.events);
    const auto share =
        plan_.loops || plan_.events == 0
            ? std::nullopt
            : std::optional(static_cast<double>(published_) / static_cast<double>(plan_.events));
    tell_progress_line(fmt::format("{}{} events replayed", published_, of_all), share, is_over);
}

} // namespace nodes
