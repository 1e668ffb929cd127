#pragma once

#include "mesh/manifest/baseline.hpp"
#include "nodes/check/check.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// How the findings of a run stand to those that were known.
struct BaselineMatch {
    std::string file;
    std::size_t known_count = 0; ///< found, and in the baseline
    std::size_t new_count = 0;   ///< found, and not in it
    std::size_t gone_count = 0;  ///< in it, and not found
};

/// Whether a kind of finding may be written into a baseline. What breaks against an older version
/// may not: it is about one comparison, and would be missing in every run without it.
bool belongs_in_baseline(std::string_view code);

/// Every such finding of the reports as an entry of a baseline, in order.
std::vector<mesh::KnownFinding> known_findings(const mesh::ManifestSet& set,
                                               const std::vector<RealmReport>& reports);

/// Takes the known findings out of the reports, each entry one finding, and adds an error for each
/// entry that matches nothing.
BaselineMatch match_baseline(const mesh::Baseline& baseline, const std::string& file,
                             const mesh::ManifestSet& set, std::vector<RealmReport>& reports);

/// How many findings of one list the other one lacks, counted one by one.
std::size_t count_missing(std::vector<mesh::KnownFinding> from,
                          std::vector<mesh::KnownFinding> other);

} // namespace nodes
