#pragma once

#include "mesh/base/place.hpp"
#include "mesh/graph/finding.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace nodes {

using Json = nlohmann::ordered_json;

/// Adds `file`, `line` and `column`.
void add_place(Json& into, const mesh::Place& place);

/// The steps of a walk; what a step lacks is left out.
Json steps_json(const std::vector<mesh::WalkStep>& walk);

/// The events of the steps, and the steps: of a cycle, which ends where it began.
Json cycle_json(const std::vector<mesh::WalkStep>& walk);

/// The same of a path, whose events end with what its last step emits.
Json path_json(const std::vector<mesh::WalkStep>& walk);

} // namespace nodes
