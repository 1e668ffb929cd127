#pragma once

#include "mesh/base/place.hpp"

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
inline constexpr FindingKind assumed_emits{"W001", "assumed-emits", Severity::warning};
inline constexpr FindingKind unhandled_event{"W002", "unhandled-event", Severity::warning};
inline constexpr FindingKind unfed_subscription{"W003", "unfed-subscription", Severity::warning};
inline constexpr FindingKind repeated_entry{"W004", "repeated-entry", Severity::warning};

/// One step of a cycle: `handler` receives `event` through its subscription `on`, and emits
/// `emits`, which is the event of the next step; that of the last step is the first one's.
struct CycleStep {
    std::string event;
    std::string handler; ///< SERVICE.HANDLER
    std::string on;      ///< differs from `event` when a wildcard is involved
    Place on_place;
    std::string emits;
    Place emits_place;

    bool operator==(const CycleStep&) const = default;
};

/// An emission to remove.
struct CutEdge {
    std::string handler; ///< SERVICE.HANDLER
    std::string emits;
    Place place;

    auto operator<=>(const CutEdge&) const = default;
};

/// One thing the checker has to say.
struct Finding {
    std::string code;
    std::string name;
    Severity severity = Severity::error;
    std::string message;
    Place place;

    std::vector<CycleStep> cycle; ///< the witness of a cycle, else empty

    /// Removing these leaves no cycle in the group of handlers that the cycle belongs to, apart
    /// from self-loops, which are findings of their own.
    std::vector<CutEdge> cut;
    bool is_cut_smallest = false; ///< no smaller set does it either
};

/// A finding of a kind, without a witness.
inline Finding make_finding(const FindingKind& kind, std::string message, Place place) {
    return {std::string(kind.code),
            std::string(kind.name),
            kind.severity,
            std::move(message),
            std::move(place),
            {},
            {},
            false};
}

} // namespace mesh
