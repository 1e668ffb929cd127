#pragma once

#include "nodes/doctor/ledger.hpp"

#include <string>
#include <vector>

namespace nodes {

/// The rows for people, a line each below a heading; nothing for none.
std::string ledger_table(const std::vector<LedgerRow>& rows);

/// One JSON object a line.
std::string ledger_json(const std::vector<LedgerRow>& rows);

/// A line for each row that is not balanced: which one, and by how much.
std::vector<std::string> ledger_complaints(const std::vector<LedgerRow>& rows);

} // namespace nodes
