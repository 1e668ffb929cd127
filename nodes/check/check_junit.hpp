#pragma once

#include "nodes/check/check.hpp"

#include <string>
#include <vector>

namespace nodes {

/// The reports as JUnit's XML, which CI servers list as tests: a suite a realm; in it one test for
/// each kind of finding that did not occur, which passes, and one for each finding, which fails
/// when it is an error and says so on its output when it is a warning.
std::string check_junit(const std::vector<RealmReport>& reports);

} // namespace nodes
