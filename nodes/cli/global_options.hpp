#pragma once

#include "mesh/base/endpoint.hpp"
#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"
#include "nodes/cli/environment.hpp"
#include "nodes/cli/given.hpp"
#include "nodes/cli/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nodes {

/// What the options of every command were set to: by option, else by environment, else by the
/// configuration file. What is absent was set by nobody.
struct GlobalOptions {
    /// By option or environment: these win over the manifest's realm.
    std::optional<std::string> realm;
    /// By the configuration file: the manifest's realm wins over this.
    std::optional<std::string> config_realm;

    std::vector<std::string> interfaces;
    std::vector<mesh::Endpoint> peers;
    std::optional<mesh::Endpoint> listen;
    std::optional<std::string> advertise;
    std::optional<std::uint16_t> beacon_port;
    bool is_without_beacon = false;
    bool is_insecure = false;
    std::optional<std::string> instance;
    std::optional<std::string> state_folder;
    std::optional<mesh::Duration> timeout;
    Format format = Format::text;
    Color color = Color::automatic;
    bool is_quiet = false;
    bool is_verbose = false;

    /// The realm by the rule: option > environment > manifest > configuration file > `default`.
    /// An empty `manifest_realm` counts as none.
    std::string realm_beside(const std::string& manifest_realm) const;

    /// What a child process needs to see the same options: `DAGMESH_*` of everything that was set,
    /// but not the realm, the configuration file (its values are here already) and --format and
    /// --color, which are about the output of this process. Paths are absolute.
    Environment for_children() const;
};

/// The three sources, the first that names an option wins; a value is never mixed of two.
struct GivenSources {
    GivenOptions arguments;
    GivenOptions variables;
    GivenOptions configuration;
};

/// Errors: `invalid` for a value that is none, naming option, variable or file.
mesh::Result<GlobalOptions> merge_global_options(const GivenSources& sources);

/// Whether to colour what goes to `fd`: as asked, else when it is a terminal and NO_COLOR
/// (https://no-color.org) is not set.
bool has_color(Color color, int fd, const Environment& environment);

} // namespace nodes
