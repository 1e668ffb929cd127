#pragma once

#include "mesh/manifest/manifest.hpp"
#include "mesh/node/node_options.hpp"
#include "nodes/cli/global_options.hpp"
#include "nodes/cli/signals.hpp"
#include "nodes/script/script.hpp"
#include "nodes/up/up_options.hpp"

#include <iosfwd>
#include <span>
#include <string>
#include <vector>

namespace nodes {

/// What `up --script` is given beside what `up` is given.
struct ScriptedRun {
    Script script;
    std::vector<std::string> files; ///< the manifests
    mesh::NodeOptions observer;     ///< the options of the script's node
    GlobalOptions global;
};

/// `dagmesh up --script`: `up`, while the script is played. Everything is stopped after its last
/// step, or the first that fails. Without --state what lasts is kept for this run only, so that
/// each begins anew.
/// Returns the exit code of the program. Errors of the machine are thrown: std::runtime_error.
int scripted_up(ScriptedRun run, UpOptions options, const mesh::RealmManifest& manifest,
                std::span<const std::string> start_order, StopSignals& signals, std::ostream& out,
                std::ostream& err);

} // namespace nodes
