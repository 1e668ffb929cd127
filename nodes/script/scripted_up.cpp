#include "nodes/script/scripted_up.hpp"

#include "nodes/process/temporary_folder.hpp"
#include "nodes/script/driver.hpp"
#include "nodes/up/up.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <optional>
#include <ostream>
#include <thread>
#include <utility>
#include <variant>

namespace nodes {

namespace {

/// The most replicas of each service that the script asks for.
std::map<std::string, std::uint32_t> replicas_max(const Script& script) {
    std::map<std::string, std::uint32_t> most;
    const auto ask_for = [&](const std::string& service, std::uint32_t count) {
        most[service] = std::max(most[service], count);
    };
    for (const auto& step : script.steps) {
        if (const auto* replicas = std::get_if<Replicas>(&step.body))
            ask_for(replicas->service, replicas->count);
        if (const auto* order = std::get_if<Order>(&step.body))
            if (order->kind == Order::Kind::start && order->target.replica)
                ask_for(order->target.service, *order->target.replica);
    }
    return most;
}

std::string folder_of(const std::string& manifest) {
    const auto path = std::filesystem::absolute(manifest);
    return std::filesystem::is_directory(path) ? path.string() : path.parent_path().string();
}

/// So that `dagmesh` in a command of the script is this program and speaks to this mesh.
Environment shell_environment(const UpOptions& options) {
    auto variables = options.environment;
    variables.erase("DAGMESH_CONFIG"); // its values are in global_environment already
    for (const auto& [name, value] : options.global_environment)
        variables[name] = value;
    variables.erase("DAGMESH_INSTANCE");
    variables["DAGMESH_REALM"] = options.realm;
    const auto folder = std::filesystem::path(options.executable).parent_path().string();
    const auto path = variables.find("PATH");
    variables["PATH"] = path == variables.end() ? folder : folder + ":" + path->second;
    return variables;
}

/// The script's thread: has an end even when what it does throws.
class Playing {
public:
    Playing(Driver& driver, Direction& direction, std::ostream& err)
        : direction_(direction), thread_([this, &driver, &direction, &err] {
              try {
                  code_ = driver.run();
              } catch (const std::exception& error) {
                  code_ = ExitCode::internal;
                  direction.write(err,
                                  "dagmesh up: the script: " + std::string(error.what()) + "\n");
              }
              direction.end(to_int(code_));
          }) {}

    Playing(const Playing&) = delete;
    Playing& operator=(const Playing&) = delete;

    ~Playing() { finish(); }

    /// Once the run is over.
    ExitCode finish() {
        direction_.stop(); // it may never have begun
        if (thread_.joinable())
            thread_.join();
        direction_.run(nullptr);
        return code_;
    }

private:
    Direction& direction_;
    ExitCode code_ = ExitCode::timed_out;
    std::thread thread_;
};

} // namespace

int scripted_up(ScriptedRun run, UpOptions options, const mesh::RealmManifest& manifest,
                std::span<const std::string> start_order, StopSignals& signals, std::ostream& out,
                std::ostream& err) {
    options.is_directed = true;
    options.replicas_max = replicas_max(run.script);
    std::optional<TemporaryFolder> state;
    if (!run.global.state_folder) {
        state.emplace(std::filesystem::temp_directory_path().string());
        options.global_environment["DAGMESH_STATE"] = state->path();
        run.observer.state_folder = state->path();
    }
    run.observer.service = "script";
    run.observer.realm = options.realm;
    const DriverSetting setting{.script = std::move(run.script),
                                .manifest = manifest,
                                .realm = options.realm,
                                .files = run.files,
                                .folder = folder_of(run.files.front()),
                                .environment = shell_environment(options),
                                .is_json = run.global.format == Format::json,
                                .is_quiet = run.global.is_quiet};
    // It is there before the services, so that it sees what they do from the beginning.
    ScriptNode node(setting.script, manifest, run.observer,
                    {run.global.beacon_port, run.global.is_without_beacon});
    Direction direction;
    Driver driver(setting, node, direction, out, err);
    Playing playing(driver, direction, err);
    const int up_code = up(options, manifest, start_order, signals, out, err, &direction);
    const auto verdict = playing.finish();
    // A step that failed stopped the run; whatever a service did then came later.
    const bool has_failed = verdict == ExitCode::finding || verdict == ExitCode::internal;
    if (up_code >= after_signal(0) || (up_code != 0 && !has_failed))
        return up_code;
    return to_int(verdict);
}

} // namespace nodes
