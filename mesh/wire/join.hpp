#pragma once

#include "mesh/base/node_id.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// How far a node's admission is. In this order within one epoch, and never back.
enum class JoinState : std::uint8_t {
    pending,     ///< it asks, or listens before it asks
    active,      ///< all its handlers run
    quarantined, ///< some of its handlers do not run, because they would close a cycle
    left,        ///< it goes, or was refused
};

std::string_view to_text(JoinState state);

/// What a node says of its own place in the mesh. Who it is, which run, and its contract are known
/// from its hello. Only the node itself says it: what others know of it is never passed on.
struct Standing {
    std::uint64_t epoch = 0; ///< of its last request; 0: it did not ask yet
    JoinState state = JoinState::pending;
    std::uint32_t view_size = 0; ///< peers that it saw when it was last decided

    /// Indices, ascending, of the handlers in its contract that receive and emit, but do not run.
    std::vector<std::uint16_t> idle;

    bool operator==(const Standing&) const = default;
};

/// Names one version of a standing; a later version of the same run is greater.
struct StandingVersion {
    std::uint32_t incarnation = 0;
    std::uint64_t epoch = 0;
    JoinState state = JoinState::pending;
    std::uint32_t idle_count = 0;

    auto operator<=>(const StandingVersion&) const = default;
};

/// One handler of a cycle that a joining node would close.
struct JoinStep {
    std::string event;   ///< that reaches it
    std::string handler; ///< SERVICE.HANDLER
    std::string on;      ///< differs from `event` when a wildcard is involved
    NodeId node;         ///< a node that runs it
    std::uint64_t epoch = 0;
    bool is_refused = false; ///< this one gives way

    bool operator==(const JoinStep&) const = default;
};

/// A cycle, beginning with its smallest event. Cycles longer than join_steps_max are cut off.
struct JoinCycle {
    std::uint32_t length = 0; ///< handlers, those cut off included
    std::vector<JoinStep> steps;

    bool operator==(const JoinCycle&) const = default;
};

/// A node says where it stands, and wants to be answered. While it is pending this asks for
/// admission (PREPARE), afterwards it tells the outcome.
struct Join {
    Standing standing;

    /// Join_mark of the members that it sees, itself included: the others are news to it.
    std::vector<std::uint32_t> known;

    std::vector<JoinCycle> cycles; ///< why handlers do not run

    bool operator==(const Join&) const = default;
};

/// A member that the asking node did not name.
struct Mention {
    NodeId id;
    std::uint32_t incarnation = 0;

    bool operator==(const Mention&) const = default;
};

/// Answers a Join.
struct JoinAnswer {
    StandingVersion to; ///< the version answered

    /// The answer itself follows when the answering node, which asks too and comes first, has been
    /// decided.
    bool is_held = false;

    Standing standing; ///< of the answering node
    std::vector<Mention> mentions;

    bool operator==(const JoinAnswer&) const = default;
};

/// Bounds; what exceeds them is malformed.
inline constexpr std::size_t join_members_max = 1024;
inline constexpr std::size_t join_cycles_max = 8;
inline constexpr std::size_t join_steps_max = 64;
inline constexpr std::uint64_t join_epoch_max = std::uint64_t{1} << 48;

/// Stands for a run of a node in `Join::known`, where 20 bytes a member would be too many.
std::uint32_t join_mark(const NodeId& id, std::uint32_t incarnation);

} // namespace mesh
