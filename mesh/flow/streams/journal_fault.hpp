#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace mesh {

/// One rule of durable delivery left out, as FlowFault is for the events of one run. For tests
/// only: a node always has `none`.
enum class JournalFault : std::uint8_t {
    none,
    skips_one,         ///< goes on one event behind where a subscription stands
    restores_late,     ///< takes a remembered place for one event more
    trims_needed,      ///< lets the archive go of one event that somebody still needs
    serves_unstored,   ///< does not say that a subscription is new
    keeps_definitions, ///< does not define topics again after a rewind
    skips_archive,     ///< goes on with what is in memory
    leaks_credit,      ///< counts what is acknowledged as still on the way
    never_waits,       ///< grants everybody credit
    ignores_credit,    ///< sends what has no room
    hides_damage,      ///< passes over damaged events
    miscounts_gaps,    ///< tells one lost event too few
};

inline constexpr std::array journal_faults{
    std::pair{std::string_view("journal-skips-one"), JournalFault::skips_one},
    std::pair{std::string_view("journal-restores-late"), JournalFault::restores_late},
    std::pair{std::string_view("journal-trims-needed"), JournalFault::trims_needed},
    std::pair{std::string_view("journal-serves-unstored"), JournalFault::serves_unstored},
    std::pair{std::string_view("journal-keeps-definitions"), JournalFault::keeps_definitions},
    std::pair{std::string_view("journal-skips-archive"), JournalFault::skips_archive},
    std::pair{std::string_view("journal-leaks-credit"), JournalFault::leaks_credit},
    std::pair{std::string_view("journal-never-waits"), JournalFault::never_waits},
    std::pair{std::string_view("journal-ignores-credit"), JournalFault::ignores_credit},
    std::pair{std::string_view("journal-hides-damage"), JournalFault::hides_damage},
    std::pair{std::string_view("journal-miscounts-gaps"), JournalFault::miscounts_gaps},
};

} // namespace mesh
