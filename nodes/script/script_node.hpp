#pragma once

#include "discovery/discovery.hpp"
#include "mesh/base/time.hpp"
#include "mesh/manifest/manifest.hpp"
#include "mesh/node.hpp"
#include "nodes/cli/global_options.hpp"
#include "nodes/script/script.hpp"
#include "nodes/script/seen_events.hpp"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace nodes {

/// The node that a script is in the mesh: an observer that sees every event of its expectations,
/// from the first one of each publisher on, and publishes.
class ScriptNode {
public:
    /// `options` are those of an observer; what the script needs is added.
    ScriptNode(const Script& script, const mesh::RealmManifest& manifest, mesh::NodeOptions options,
               const discovery::DiscoveryOptions& discovery);
    ScriptNode(const ScriptNode&) = delete;
    ScriptNode& operator=(const ScriptNode&) = delete;
    ~ScriptNode();

    mesh::Node& node() { return node_; }

    /// Subscriptions of its own that want the topic.
    std::size_t own_subscriptions(std::string_view topic) const;

    /// Shows the events to `look`, which holds them up: at once, and again when some have come,
    /// until it returns true or the time is over. Says what it returned last.
    bool watch(mesh::TimePoint until, const std::function<bool(SeenEvents&)>& look);

    /// Events that never came here.
    std::uint64_t lost_count() const;

private:
    void see(const mesh::Event& event);

    mesh::WallTime started_at_ = mesh::wall_now();
    std::vector<mesh::Pattern> patterns_;

    mutable std::mutex mutex_; ///< guards the next three
    std::condition_variable changed_;
    SeenEvents seen_;
    std::uint64_t lost_ = 0;

    mesh::Node node_;
    discovery::Discovery discovery_;
};

} // namespace nodes
