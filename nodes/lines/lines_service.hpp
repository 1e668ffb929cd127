#pragma once

#include "mesh/event/event_rules.hpp"
#include "mesh/manifest/manifest.hpp"
#include "mesh/node.hpp"
#include "nodes/cli/environment.hpp"
#include "nodes/lines/lines_program.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// What a program that speaks lines has to be told, and what has to be known of what it says.
struct LinesSetting {
    std::string realm;
    Environment environment;
    std::vector<mesh::EventRule> rules;
    std::vector<mesh::EventManifest> events; ///< where their keys are
};

/// A service whose program speaks lines: dagmesh is its node.
class LinesService {
public:
    /// `ended` is told when the program has ended for good.
    LinesService(const mesh::ServiceManifest& service, LinesSetting setting, mesh::Node& node,
                 std::function<void(const ExitStatus&)> ended);

    /// What the handler does with an event. Any thread.
    void handle(const std::string& handler, const mesh::Event& event, mesh::Emitter& emit) {
        program_.handle(handler, to_string(event.id), lines_event(event, setting_.realm, handler),
                        emit);
    }

    /// What a timed handler does at a beat. Any thread.
    void beat(const std::string& handler, const mesh::Beat& beat, mesh::Emitter& emit);

    /// Once the node has started. Errors: as Process::start.
    mesh::Result<void> start() { return program_.start(); }

    /// Once the node has stopped.
    void finish() { program_.finish(); }

private:
    mesh::Result<void> publish(const LinesMessage& message);

    LinesSetting setting_;
    mesh::EventRules rules_;
    mesh::Node& node_;
    std::string source_;
    std::atomic<std::uint64_t> beat_count_{0};
    LinesProgram program_;
};

} // namespace nodes
