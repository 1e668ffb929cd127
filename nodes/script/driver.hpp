#pragma once

#include "mesh/base/time.hpp"
#include "mesh/manifest/manifest.hpp"
#include "nodes/cli/environment.hpp"
#include "nodes/cli/exit_code.hpp"
#include "nodes/script/script.hpp"
#include "nodes/script/script_node.hpp"
#include "nodes/script/stage.hpp"
#include "nodes/script/step_result.hpp"
#include "nodes/up/direction.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// What a script is played with.
struct DriverSetting {
    Script script;
    mesh::RealmManifest manifest;
    std::string realm;
    std::vector<std::string> files; ///< the manifests, for `check`
    std::string folder;             ///< where `run` runs
    Environment environment;        ///< and with what
    bool is_json = false;
    bool is_quiet = false; ///< tells of a failure only
};

/// Plays a script: does its steps one after the other, on a thread of its own, while the supervisor
/// runs the services. The first step that fails ends it.
class Driver {
public:
    /// All must outlive it.
    Driver(const DriverSetting& setting, ScriptNode& node, Direction& direction, std::ostream& out,
           std::ostream& err);

    /// `done`; `finding` for a step that failed; `timed_out` when the run stopped before the end.
    ExitCode run();

    // The steps, for `run`.

    StepResult play(const WaitReady& step);
    StepResult play(const Publish& step);
    StepResult play(const Expectation& step);
    StepResult play(const Order& step);
    StepResult play(const Partition& step);
    StepResult play(const Replicas& step);
    StepResult play(const LedgerBalanced& step);
    StepResult play(const CheckMesh& step);
    StepResult play(const RunShell& step);

private:
    bool is_stopping() const { return direction_.view().is_stopping; }

    /// Waits until the condition of this thread holds, looked at every 20 ms. False when it did not
    /// by then, or when the run stops.
    bool wait_until(mesh::TimePoint until, const std::function<bool()>& condition) const;

    /// Waits for a view in which all these processes are as they should be.
    StepResult
    wait_processes(const std::vector<std::size_t>& processes, const std::string& what,
                   const std::function<bool(const DirectedProcess&, std::size_t)>& is_so) const;

    /// Those of the target that run, or why there are none.
    tl::expected<std::vector<std::size_t>, StepFailure> running(const Target& target) const;

    StepResult start(const std::vector<std::size_t>& processes);
    StepResult stop(const std::vector<std::size_t>& processes);
    StepResult kill(const std::vector<std::size_t>& processes);
    std::size_t handler_count(const std::string& topic) const;

    const DriverSetting& setting_;
    ScriptNode& node_;
    Direction& direction_;
    std::ostream& out_;
    std::ostream& err_;
    Stage stage_;
    std::size_t line_ = 0;       ///< of the step that is played
    mesh::TimePoint heals_at_{}; ///< when the last partition is over
};

} // namespace nodes
