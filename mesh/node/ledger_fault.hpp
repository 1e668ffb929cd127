#pragma once

#include <cstdint>

namespace mesh {

/// What a node counts wrong, so that tests can show that the ledger notices. A node has `none`.
enum class LedgerFault : std::uint8_t {
    none,
    forgets_handled, ///< of every tenth event that was handled, that it was
    counts_twice,    ///< every tenth event that was handled
};

} // namespace mesh
