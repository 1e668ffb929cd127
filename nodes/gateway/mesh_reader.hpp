#pragma once

#include "discovery/discovery.hpp"
#include "mesh/node.hpp"
#include "nodes/gateway/backlog.hpp"
#include "nodes/gateway/last_values.hpp"
#include "nodes/gateway/recent_events.hpp"

#include <atomic>
#include <string>
#include <vector>

namespace nodes {

/// The gateway's eyes: a node that sees all events that the gateway knows, for the streams and for
/// what was last. It is a node of its own, beside the one that publishes:
/// - it is an observer, so it holds no publisher up, no journal keeps anything for it, and the
/// graph
///   of events does not show a service that handles everything;
/// - it is new at each start, so publishers give it all that they still hold, from which streams
///   that a restart has broken off go on; the publishing node has a lasting place for its journal.
/// One handler serves all streams: handlers are declared before a node's start, and a node a stream
/// would take a moment to meet everybody, and each publisher a link more.
class MeshReader {
public:
    MeshReader(mesh::NodeOptions options, discovery::DiscoveryOptions discovery,
               const std::vector<std::string>& patterns, RecentEvents& recent, LastValues& last);

    void start() { node_.start(); }

    bool is_ready() const { return is_ready_; }

private:
    void see(const mesh::Event& event);

    RecentEvents& recent_;
    LastValues& last_;
    Backlog backlog_; ///< the handler's thread
    std::atomic<bool> is_ready_{false};
    mesh::Node node_; // last: its handlers use the rest
    discovery::Discovery discovery_;
};

} // namespace nodes
