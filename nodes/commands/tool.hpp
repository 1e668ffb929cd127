#pragma once

#include "discovery/discovery.hpp"
#include "mesh/net/reactor.hpp"
#include "mesh/node.hpp"
#include "nodes/commands/commands.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <utility>

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

    /// What a signal does instead of ending the loop with `done`, before `run`: it sees to it that
    /// `finish` is called soon. Called on the loop.
    void on_signal(std::function<void()> stop) { stop_ = std::move(stop); }

    /// Whether a signal came.
    bool is_interrupted() const { return is_interrupted_; }

    /// Starts the node, calls `started` on the loop, and runs the loop. A signal ends it with
    /// `done`; after `patience` it ends with `late`. Drains the node before it returns. A second
    /// signal ends the process.
    int run(std::optional<mesh::Duration> patience, ExitCode late,
            const std::function<void()>& started);

private:
    StopSignals& signals_;
    mesh::Reactor loop_;
    mesh::Node node_;
    discovery::Discovery discovery_;
    std::optional<ExitCode> code_;
    std::function<void()> stop_ = [this] { finish(ExitCode::done); };
    std::atomic<bool> is_interrupted_{false};
};

} // namespace nodes
