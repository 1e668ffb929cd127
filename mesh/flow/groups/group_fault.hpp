#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace mesh {

/// One rule of sharing left out, so that a test can show that its simulator notices. For that only:
/// a node always has `none`.
enum class GroupFault : std::uint8_t {
    none,
    skips_fence,      ///< hands slots over although their owner still has events of them
    fence_one_short,  ///< hands them over when all but the last are acknowledged
    skips_lease,      ///< gives away at once what belongs to a member that is away
    never_gives_away, ///< waits for a member that is gone for good
    both_own,         ///< leaves the slots that move with their old owner as well
    counts_sent_done, ///< what a dead member was sent counts as acknowledged
    reuses_index,     ///< calls every part the same
    joins_early,      ///< joins parts while something is on the way
    forgets_debt,     ///< stores a part that waits as if nobody else owed anything of its slots
    never_mends,      ///< believes that every part is found on disk again
    mixes_patterns,   ///< gives events to members that do not listen to them
};

inline constexpr std::array group_faults{
    std::pair{std::string_view("skips-fence"), GroupFault::skips_fence},
    std::pair{std::string_view("fence-one-short"), GroupFault::fence_one_short},
    std::pair{std::string_view("skips-lease"), GroupFault::skips_lease},
    std::pair{std::string_view("never-gives-away"), GroupFault::never_gives_away},
    std::pair{std::string_view("both-own"), GroupFault::both_own},
    std::pair{std::string_view("counts-sent-done"), GroupFault::counts_sent_done},
    std::pair{std::string_view("reuses-index"), GroupFault::reuses_index},
    std::pair{std::string_view("joins-early"), GroupFault::joins_early},
    std::pair{std::string_view("forgets-debt"), GroupFault::forgets_debt},
    std::pair{std::string_view("never-mends"), GroupFault::never_mends},
    std::pair{std::string_view("mixes-patterns"), GroupFault::mixes_patterns},
};

} // namespace mesh
