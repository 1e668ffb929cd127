#pragma once

#include "nodes/check/check.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace nodes {

/// The reports as SARIF 2.1.0, which forges show beside the code: one result a finding, its cycle
/// or path as a code flow, what to cut as related locations. `folder`, absolute, is the one that
/// relative paths are relative to; every URI is a reference relative to it.
/// Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
nlohmann::ordered_json check_sarif(const std::vector<RealmReport>& reports,
                                   const std::string& folder);

} // namespace nodes
