#pragma once

#include "mesh/base/endpoint.hpp"
#include "mesh/event/event_rules.hpp"
#include "mesh/manifest/manifest.hpp"
#include "nodes/cli/command_line.hpp"
#include "nodes/gateway/allowance.hpp"
#include "nodes/gateway/route.hpp"

#include <string>
#include <vector>

namespace nodes {

/// What `dagmesh gateway` was asked to be.
struct GatewaySettings {
    mesh::Endpoint listen;
    std::string realm;
    Allowance allowance = {};
    std::vector<Route> routes = {};
    std::vector<mesh::EventRule> rules = {};      ///< what the manifest says of the topics
    std::vector<mesh::EventManifest> events = {}; ///< the same, in full: where their keys are
};

/// Errors: `invalid` for a manifest that cannot be used, with all that is wrong with it, and for
/// options that cannot be.
mesh::Result<GatewaySettings> gateway_settings(const CommandLine& line);

} // namespace nodes
