#pragma once

#include "mesh/manifest/manifest.hpp"
#include "mesh/peer/peer.hpp"
#include "nodes/check/check.hpp"

#include <string>
#include <vector>

namespace nodes {

/// What the nodes of a running mesh declare, as far as it could be seen.
struct LiveView {
    /// One service a contract; nodes with the same contract are one. Without places, and without
    /// the handlers that are quarantined, because those do not run.
    mesh::RealmManifest realm;

    LiveCoverage coverage;
};

/// Reads the view off the peers of a node; tools among them do not count.
LiveView live_view(const std::string& realm, const std::vector<mesh::Peer>& peers);

/// One line for people: how many nodes, and what is missing.
std::string coverage_text(const LiveView& view);

} // namespace nodes
