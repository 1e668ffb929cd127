#pragma once

#include "mesh/flow/flow_fault.hpp"
#include "mesh/flow/streams/journal_fault.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace simulator {

/// Rules that a node's own parts keep, left out: what mesh/node does beside the pure code.
enum class ShellFault : std::uint8_t {
    none,
    hands_on_early,    ///< events before they are committed
    place_apart,       ///< the place of a `once` handler is committed before its effect
    place_forgotten,   ///< the place is not looked at after a restart
    emits_apart,       ///< what a `once` handler emits is committed before its effect
    no_fence,          ///< acknowledgements of any session count
    old_batches_taken, ///< batches of any session and run are
    torn_kept,         ///< the beginning of a transaction that was cut short is kept
    skips_lease,       ///< who says nothing any more is served for ever
};

/// One planted bug: what is broken, in the product's pure code or around it.
struct Faults {
    std::string_view name = "none";
    mesh::FlowFault flow = mesh::FlowFault::none;
    mesh::JournalFault journal = mesh::JournalFault::none;
    ShellFault shell = ShellFault::none;

    bool has(ShellFault one) const { return shell == one; }
};

/// All bugs that can be planted.
std::vector<Faults> all_faults();

} // namespace simulator
