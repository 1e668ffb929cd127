#pragma once

#include "mesh/base/time.hpp"
#include "nodes/cli/command_line.hpp"
#include "nodes/cli/environment.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nodes {

/// What `up` was asked to do, and with what.
struct UpOptions {
    std::string realm;             ///< the one that all its processes join
    std::vector<std::string> only; ///< start these services; empty: all
    std::optional<mesh::Duration> run_for;
    std::optional<std::string> until; ///< a service
    std::optional<std::string> log_folder;
    bool has_color = false;
    bool is_quiet = false;

    bool is_directed = false; ///< somebody starts and stops processes while it runs
    /// So many replicas of a service may be asked for meanwhile, by its name.
    std::map<std::string, std::uint32_t> replicas_max;

    Environment environment;        ///< what the processes inherit
    Environment global_environment; ///< DAGMESH_* of the global options
    std::string executable;         ///< this program: it is the node of a service without `run`

    mesh::Duration start_timeout = std::chrono::seconds(30); ///< until a service is ready
    mesh::Duration stop_timeout = std::chrono::seconds(10);  ///< from SIGTERM to SIGKILL
};

/// The options as the command line gave them. `manifest_realm` may be empty.
UpOptions up_options(const CommandLine& line, const Environment& environment,
                     const std::string& manifest_realm);

} // namespace nodes
