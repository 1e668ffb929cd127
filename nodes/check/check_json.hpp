#pragma once

#include "nodes/check/check.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace nodes {

/// The reports as one JSON object, version 1; `docs/manifest.md` describes it. With several realms
/// the top level sums them up, each finding names its `realm`, and `realms` holds each alone.
nlohmann::ordered_json check_json(const std::vector<RealmReport>& reports);

} // namespace nodes
