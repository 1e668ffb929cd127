#pragma once

#include "mesh/event/event.hpp"
#include "mesh/net/mirror.hpp"

#include <string>

namespace nodes {

/// Mirrors a node's events to foreign programs: a plain ZeroMQ PUB, best effort. Each message has
/// two frames: the topic, and the event as one CloudEvents object in JSON.
class Tap {
public:
    /// Throws std::runtime_error when nothing can be bound at `endpoint`, such as
    /// `tcp://127.0.0.1:7100` or `ipc:///tmp/tap`.
    explicit Tap(const std::string& endpoint);

    /// Any thread.
    void show(const mesh::Event& event, const std::string& realm);

private:
    mesh::Mirror mirror_;
};

} // namespace nodes
