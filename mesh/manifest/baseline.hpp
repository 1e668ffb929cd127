#pragma once

#include "mesh/manifest/manifest.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// One finding that is known and accepted for now: exactly one, never a class of them.
struct KnownFinding {
    std::string code;
    std::string realm; ///< empty for manifests without one

    /// What makes it this finding and no other, without lines and columns, so that text may move.
    std::vector<std::string> what;

    auto operator<=>(const KnownFinding&) const = default;
};

/// A baseline file: known findings, and where each is written. Usable only without `errors`.
struct Baseline {
    struct Entry {
        KnownFinding finding;
        Place place;
    };

    std::vector<Entry> entries; ///< in the order of the file
    std::vector<ManifestError> errors;
};

/// Reads a baseline. Its form is YAML: `baseline: 1` and a list `findings` of `code`, `realm` and
/// `what`; docs/checking.md describes it.
Baseline read_baseline(const std::string& file);

/// The same for a text as if it stood in `file`, which is only named.
Baseline read_baseline_text(std::string_view text, const std::string& file);

/// The text of a baseline file with these findings, in their order; `read_baseline_text` gives
/// them back.
std::string baseline_text(const std::vector<KnownFinding>& findings);

} // namespace mesh
