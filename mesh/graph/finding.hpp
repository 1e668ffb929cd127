#pragma once

#include "mesh/base/place.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mesh {

enum class Severity { error, warning };

/// A kind of finding. Codes are stable: people write them into baselines and ask for them by
/// `--explain`; a code is never used for something else.
struct FindingKind {
    std::string_view code;
    std::string_view name;
    Severity severity;
};

inline constexpr FindingKind event_cycle{"E001", "event-cycle", Severity::error};
inline constexpr FindingKind self_loop{"E002", "self-loop", Severity::error};
inline constexpr FindingKind unwanted_reach{"E003", "unwanted-reach", Severity::error};
inline constexpr FindingKind fan_out{"E004", "fan-out", Severity::error};
inline constexpr FindingKind idle_loop{"E005", "idle-loop", Severity::error};
inline constexpr FindingKind expired_loop{"E006", "expired-loop", Severity::error};
inline constexpr FindingKind compensation_cycle{"E007", "compensation-cycle", Severity::error};
inline constexpr FindingKind self_compensation{"E008", "self-compensation", Severity::error};
inline constexpr FindingKind blocking_feedback{"E009", "blocking-feedback", Severity::error};
inline constexpr FindingKind unmatched_baseline{"E010", "unmatched-baseline", Severity::error};
inline constexpr FindingKind breaking_change{"E011", "breaking-change", Severity::error};
inline constexpr FindingKind assumed_emits{"W001", "assumed-emits", Severity::warning};
inline constexpr FindingKind unhandled_event{"W002", "unhandled-event", Severity::warning};
inline constexpr FindingKind unfed_subscription{"W003", "unfed-subscription", Severity::warning};
inline constexpr FindingKind repeated_entry{"W004", "repeated-entry", Severity::warning};
inline constexpr FindingKind near_miss_name{"W005", "near-miss-name", Severity::warning};
inline constexpr FindingKind service_cycle{"W006", "service-cycle", Severity::warning};
inline constexpr FindingKind several_owners{"W007", "several-owners", Severity::warning};
inline constexpr FindingKind shared_once{"W008", "shared-once", Severity::warning};
inline constexpr FindingKind undo_order{"W009", "undo-order", Severity::warning};
inline constexpr FindingKind weaker_emit{"W010", "weaker-emit", Severity::warning};

inline constexpr std::array<FindingKind, 21> all_finding_kinds{
    event_cycle,       self_loop,          unwanted_reach,     fan_out,
    idle_loop,         expired_loop,       compensation_cycle, self_compensation,
    blocking_feedback, unmatched_baseline, breaking_change,    assumed_emits,
    unhandled_event,   unfed_subscription, repeated_entry,     near_miss_name,
    service_cycle,     several_owners,     shared_once,        undo_order,
    weaker_emit};

/// Every kind there is, in order of code.
constexpr std::span<const FindingKind> finding_kinds() {
    return all_finding_kinds;
}

/// One step of a walk: `handler` receives `event` through its subscription `on`, and emits
/// `emits`, which is the event of the next step. In a walk over services `handler` is the one
/// that emits, or the service alone when it publishes by itself.
struct WalkStep {
    std::string event;
    std::string handler; ///< SERVICE.HANDLER
    std::string on;      ///< differs from `event` when a wildcard is involved
    Place on_place;
    std::string emits;
    Place emits_place;

    /// SERVICE.HANDLER that receives `event`, where that is another one than `handler`: in a walk
    /// over services only, else empty.
    std::string receiver = {};

    bool operator==(const WalkStep&) const = default;
};

/// An emission to remove.
struct CutEdge {
    std::string handler; ///< SERVICE.HANDLER
    std::string emits;
    Place place;

    auto operator<=>(const CutEdge&) const = default;
};

/// A place that bears on a finding, and what stands there.
struct NotedPlace {
    std::string note; ///< a phrase such as `handler a.log listens to order.created`
    Place place;

    auto operator<=>(const NotedPlace&) const = default;
};

/// One thing the checker has to say. Its witness is a cycle, a path or a list of places; a finding
/// that its own place explains has none of them.
struct Finding {
    std::string code;
    std::string name;
    Severity severity = Severity::error;
    std::string message;
    Place place; ///< where to look first, and usually what to change

    /// The witness that something comes back to where it began: the last step emits the event of
    /// the first. The smallest event stands first.
    std::vector<WalkStep> cycle;

    /// The witness that one thing leads to another: from the event of the first step to what the
    /// last one emits.
    std::vector<WalkStep> path;

    /// The witness of anything else, in order of place.
    std::vector<NotedPlace> places;

    /// With `cycle`: removing these leaves no cycle in the group of handlers that the cycle
    /// belongs to, apart from self-loops, which are findings of their own.
    std::vector<CutEdge> cut;
    bool is_cut_smallest = false; ///< no smaller set does it either
};

/// A finding of a kind, without a witness.
inline Finding make_finding(const FindingKind& kind, std::string message, Place place) {
    Finding finding;
    finding.code = kind.code;
    finding.name = kind.name;
    finding.severity = kind.severity;
    finding.message = std::move(message);
    finding.place = std::move(place);
    return finding;
}

} // namespace mesh
