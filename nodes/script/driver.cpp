#include "nodes/script/driver.hpp"

#include "nodes/script/step_report.hpp"

#include <chrono>
#include <map>
#include <utility>
#include <variant>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration look_interval = 20ms;

std::map<std::string, std::uint32_t> replicas_of(const mesh::RealmManifest& manifest) {
    std::map<std::string, std::uint32_t> replicas;
    for (const auto& service : manifest.services)
        replicas[service.contract.service] = service.replicas;
    return replicas;
}

} // namespace

Driver::Driver(const DriverSetting& setting, ScriptNode& node, Direction& direction,
               std::ostream& out, std::ostream& err)
    : setting_(setting),
      node_(node),
      direction_(direction),
      out_(out),
      err_(err),
      stage_(replicas_of(setting.manifest)) {}

ExitCode Driver::run() {
    const StepReport report(setting_.script, setting_.is_json);
    const auto began_at = mesh::now();
    // The first view holds all processes; before that there is nothing to order.
    direction_.wait(began_at + 1h,
                    [](const Direction::View& view) { return !view.processes.empty(); });
    for (const auto& step : setting_.script.steps) {
        line_ = step.line;
        const auto started_at = mesh::now();
        const auto result = std::visit([this](const auto& body) { return play(body); }, step.body);
        // What was cut short by a stop has not failed: whoever stops the run says why.
        if (is_stopping()) {
            direction_.write(err_, report.interrupted(step));
            return ExitCode::timed_out;
        }
        if (!setting_.is_quiet || !result)
            direction_.write(err_, report.told(step, mesh::now() - started_at, result));
        if (!result)
            return ExitCode::finding;
    }
    if (!setting_.is_quiet)
        direction_.write(err_, report.end(mesh::now() - began_at));
    return ExitCode::done;
}

bool Driver::wait_until(mesh::TimePoint until, const std::function<bool()>& condition) const {
    while (!is_stopping()) {
        if (condition())
            return true;
        const auto time = mesh::now();
        if (time >= until)
            return false;
        direction_.wait(std::min(until, time + look_interval),
                        [](const Direction::View&) { return false; });
    }
    return false;
}

} // namespace nodes
