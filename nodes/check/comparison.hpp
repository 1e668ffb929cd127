#pragma once

#include "nodes/check/baseline_match.hpp"
#include "nodes/check/check.hpp"
#include "nodes/graph/realm_diff.hpp"

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace nodes {

/// What a check says beside its findings: how they stand to an older version and to a baseline.
struct Comparison {
    std::string against; ///< what was compared with, as given
    std::optional<std::vector<RealmDiff>> diffs;
    std::optional<BaselineMatch> baseline;
    std::size_t written_count = 0; ///< findings that were written into the baseline
    bool is_written = false;
};

/// Compares the reports as the options ask: adds what breaks against an older version, takes out
/// what the baseline knows, writes a new baseline. What is wrong is said on `err`.
/// Returns the exit code 2 for input that cannot be used, 5 for a file that cannot be written, or
/// 0.
int compare(const mesh::ManifestSet& set, const CheckOptions& options,
            std::vector<RealmReport>& reports, Comparison& comparison, std::ostream& err);

/// The last lines of the text for people.
void print_comparison(const Comparison& comparison, std::ostream& out);

/// Adds `against` and `baseline`, each only when it was asked for.
void add_comparison(const Comparison& comparison, Json& into);

} // namespace nodes
