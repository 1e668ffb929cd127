#pragma once

#include "mesh/base/time.hpp"
#include "mesh/node.hpp"
#include "nodes/bench/pace.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace nodes {

/// Topics that the sender of that number publishes, and the pattern that holds them all.
std::vector<std::string> topics_of(std::uint32_t sender, std::uint32_t count);
std::string pattern_of(std::uint32_t sender, std::uint32_t topic_count);

/// Publishes the events of a round through the node, or has a handler of it emit them.
class Sending {
public:
    /// Declares the handler, so before the node starts. Both outlive this.
    Sending(const Part& part, mesh::Node& node);

    /// Waits until everybody who is to hear it is linked.
    bool wait_linked(mesh::Duration patience);

    /// Sends as the pace says, and then the last one. Returns when everything is acknowledged,
    /// false when something was refused or that takes longer than `patience`.
    bool run(Pace& pace, mesh::Duration patience);

    std::uint64_t sent() const { return sent_; }

private:
    void publish(std::uint64_t number, std::int64_t due_ns);

    const Part& part_;
    mesh::Node& node_;
    std::vector<std::string> topics_;
    mesh::Payload payload_;
    std::uint64_t sent_ = 0; ///< with a handler that emits: its thread's until it is done
    std::atomic<std::uint64_t> refused_{0};
    std::atomic<std::uint64_t> pending_{0}; ///< on their way to the disk
    std::atomic<bool> has_emitted_{false};
};

} // namespace nodes
