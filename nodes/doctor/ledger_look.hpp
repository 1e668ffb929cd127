#pragma once

#include "nodes/ask/survey.hpp"
#include "nodes/doctor/ledger.hpp"

#include <string>
#include <vector>

namespace nodes {

/// What all nodes have told of their ledgers, and who has not.
struct LedgerLook {
    std::vector<NodeLedger> nodes;
    std::vector<std::string> silent;

    bool operator==(const LedgerLook&) const = default;
};

/// Asks every node in view.
LedgerLook look_at_ledgers(Survey& survey);

/// What is known when nothing moves any more, or the survey is over.
struct SettledLedger {
    LedgerLook look;
    std::vector<LedgerRow> rows;
    bool is_settled = false; ///< the last two looks agree
};

/// Looks until two looks agree. What does not balance is looked at for some time more, because a
/// mesh mends cuts by itself.
SettledLedger settled_ledger(Survey& survey);

} // namespace nodes
