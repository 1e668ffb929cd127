#pragma once

#include "mesh/graph/finding.hpp"

#include <nlohmann/json.hpp>

#include <iosfwd>
#include <string_view>
#include <vector>

namespace nodes {

using Json = nlohmann::ordered_json;

/// Adds `file`, `line` and `column`.
void add_place(Json& into, const mesh::Place& place);

/// The steps of a walk, in the form of `check --format json`; what a step lacks is left out.
Json steps_json(const std::vector<mesh::WalkStep>& walk);

/// The events of the steps, and the steps.
Json cycle_json(const std::vector<mesh::WalkStep>& walk);

/// Prints the answers of all realms as one object: version 1, the question, and the one realm's
/// answer, or with several their list as `realms`.
void print_answers(std::string_view question, std::vector<Json> answers, std::ostream& out);

} // namespace nodes
