#pragma once

#include "discovery/discovery.hpp"
#include "mesh/net/reactor.hpp"
#include "mesh/node.hpp"
#include "nodes/commands/commands.hpp"

#include <optional>

namespace nodes {

/// A command that is a node for a while: the node on a thread of its own, and a loop on the main
/// thread that ends by `finish`, by a signal, or when its time is over.
class Tool {
public:
    Tool(const Invocation& invocation, mesh::NodeOptions options);
    Tool(const Tool&) = delete;
    Tool& operator=(const Tool&) = delete;

    mesh::Node& node() { return node_; }

    mesh::Reactor& loop() { return loop_; }

    /// From any thread: the loop ends, the first code given is the one. `done` is replaced by
    /// what `run` finds worse.
    void finish(ExitCode code);

    /// Starts the node, calls `started` on the loop, and runs the loop. A signal ends it with
    /// `done`; after `patience` it ends with `late`. Drains the node before it returns.
    int run(std::optional<mesh::Duration> patience, ExitCode late,
            const std::function<void()>& started);

private:
    StopSignals& signals_;
    mesh::Reactor loop_;
    mesh::Node node_;
    discovery::Discovery discovery_;
    std::optional<ExitCode> code_;
};

} // namespace nodes
