#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace mesh {

/// One rule of delivery left out, so that a test can show that the simulation notices. For that
/// only: a node always has `none`.
enum class FlowFault : std::uint8_t {
    none,
    miscounts_gaps,     ///< tells one lost event too few
    leaks_credit,       ///< never forgets a gap that is acknowledged
    skips_one,          ///< goes on one event behind where a subscription stands
    takes_old_sessions, ///< receives batches of a session that is over
    repeats_fast,       ///< sends `fast` events again to a new run
    drops_newest_value, ///< takes the newer event of a key for the outdated one
    forgets_refused,    ///< does not count what `drop_newest` drops
    drops_too_many,     ///< one more than the depth asks for
    releases_early,     ///< gives up what is put aside when it is sent
    skips_stretches,    ///< reads the wrong record back
    picks_too_few,      ///< one event less than asked for
    keeps_definitions,  ///< does not define topics again after a rewind
    keeps_nothing,      ///< lets owed events go with the log
    acknowledges_early, ///< what is received, not what is processed
    begins_late,        ///< one event after the sequence asked for
    never_waits,        ///< grants everybody credit
    ignores_credit,     ///< sends what has no room
    counts_on_room,     ///< lets events wait to be counted although there is no room for them
};

inline constexpr std::array flow_faults{
    std::pair{std::string_view("miscounts-gaps"), FlowFault::miscounts_gaps},
    std::pair{std::string_view("leaks-credit"), FlowFault::leaks_credit},
    std::pair{std::string_view("skips-one"), FlowFault::skips_one},
    std::pair{std::string_view("takes-old-sessions"), FlowFault::takes_old_sessions},
    std::pair{std::string_view("repeats-fast"), FlowFault::repeats_fast},
    std::pair{std::string_view("drops-newest-value"), FlowFault::drops_newest_value},
    std::pair{std::string_view("forgets-refused"), FlowFault::forgets_refused},
    std::pair{std::string_view("drops-too-many"), FlowFault::drops_too_many},
    std::pair{std::string_view("releases-early"), FlowFault::releases_early},
    std::pair{std::string_view("skips-stretches"), FlowFault::skips_stretches},
    std::pair{std::string_view("picks-too-few"), FlowFault::picks_too_few},
    std::pair{std::string_view("keeps-definitions"), FlowFault::keeps_definitions},
    std::pair{std::string_view("keeps-nothing"), FlowFault::keeps_nothing},
    std::pair{std::string_view("acknowledges-early"), FlowFault::acknowledges_early},
    std::pair{std::string_view("begins-late"), FlowFault::begins_late},
    std::pair{std::string_view("never-waits"), FlowFault::never_waits},
    std::pair{std::string_view("ignores-credit"), FlowFault::ignores_credit},
    std::pair{std::string_view("counts-on-room"), FlowFault::counts_on_room},
};

} // namespace mesh
