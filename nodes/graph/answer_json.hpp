#pragma once

#include "nodes/check/walk_json.hpp"

#include <iosfwd>
#include <string_view>
#include <vector>

namespace nodes {

/// Prints the answers of all realms as one object: version 1, the question, and the one realm's
/// answer, or with several their list as `realms`.
void print_answers(std::string_view question, std::vector<Json> answers, std::ostream& out);

} // namespace nodes
