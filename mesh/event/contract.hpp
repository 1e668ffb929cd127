#pragma once

#include "mesh/event/pattern.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

/// What one handler listens to and what it may say because of it.
struct HandlerContract {
    std::string name; ///< unique in its service

    /// What it handles. Empty for a handler whose cause is the node's clock.
    std::vector<Pattern> on;

    /// What it may emit. Missing means unknown, and is read as everything that the service
    /// publishes; empty ends the chain.
    std::optional<std::vector<Pattern>> emits;

    /// Events that a timed handler remembers: they are causes too.
    std::vector<Pattern> after;

    bool operator==(const HandlerContract&) const = default;
};

/// As many rounds as an event counts; more are not allowed.
inline constexpr std::uint32_t loop_rounds_max = 255;

/// An edge of an intended loop: this handler may emit this although it closes a cycle.
struct LoopContract {
    std::string handler;
    Pattern emits;
    std::uint32_t rounds_max = 1;

    bool operator==(const LoopContract&) const = default;
};

/// What one service publishes, handles and emits. The graph of events is made of these, and
/// every node tells its peers its own.
struct Contract {
    std::string service;

    /// Missing: whatever the handlers emit.
    std::optional<std::vector<Pattern>> publishes;

    std::vector<HandlerContract> handlers;
    std::vector<LoopContract> loops;

    bool operator==(const Contract&) const = default;
};

/// Everything that the service may publish: `publishes`, or the union of its handlers' `emits`.
std::vector<Pattern> published_patterns(const Contract& contract);

/// Everything that `handler` may emit: its `emits`, or the contract's `publishes`, or nothing.
std::vector<Pattern> emitted_patterns(const Contract& contract, const HandlerContract& handler);

/// What the handler's subscription asks for: what it handles, or what it remembers.
const std::vector<Pattern>& heard_patterns(const HandlerContract& handler);

/// Whether something that `publisher` may publish is wanted by `handler`.
bool reaches(const Contract& publisher, const HandlerContract& handler);

/// Whether something that `publisher` may publish is wanted by a handler of `subscriber`.
bool reaches(const Contract& publisher, const Contract& subscriber);

} // namespace mesh
