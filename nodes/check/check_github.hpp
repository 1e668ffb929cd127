#pragma once

#include "nodes/check/check.hpp"

#include <string>
#include <vector>

namespace nodes {

/// The findings as workflow commands of GitHub Actions, one a line: `::error file=..::message`.
/// Printed in a job's step they become annotations beside the code.
std::string check_github(const std::vector<RealmReport>& reports);

} // namespace nodes
