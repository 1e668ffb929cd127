#pragma once

#include "mesh/graph/check_graph.hpp"
#include "mesh/manifest/read.hpp"
#include "nodes/check/output_request.hpp"
#include "nodes/draw/view.hpp"

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace nodes {

/// How much of the running mesh was seen.
struct LiveCoverage {
    std::size_t node_count = 0;
    std::vector<std::string> missing;     ///< nodes that did not tell their contract
    std::vector<std::string> quarantined; ///< SERVICE.HANDLER, left out
    bool is_cut_short = false;            ///< stopped before it had listened its time

    bool is_complete() const { return missing.empty() && !is_cut_short; }
};

struct CheckOptions {
    bool is_json = false;
    bool is_strict = false; ///< warnings count as errors
    bool use_colour = false;
    std::vector<OutputRequest> outputs; ///< written beside what is printed

    /// The verdict over events and over handlers is the same, walks are told differently; over
    /// services a cycle of services is an error too.
    View view = View::events;
    std::optional<mesh::Date> today; ///< for judging until when loops are allowed

    std::optional<std::string> against;        ///< an older version to compare with
    std::optional<std::string> baseline;       ///< a file of findings that are known
    std::optional<std::string> write_baseline; ///< where to write the findings as known ones
    bool is_one_line = false;                  ///< JSON without line breaks

    std::optional<LiveCoverage> live; ///< what is checked was seen in the running mesh
};

/// What the checker says of one realm.
struct RealmReport {
    std::string realm; ///< as its manifests name it, may be empty
    mesh::GraphReport graph;
};

/// Checks every realm of the set, in order of name. What the manifests themselves warn of is
/// among the findings.
std::vector<RealmReport> check_realms(const mesh::ManifestSet& set, const CheckOptions& options);

/// The errors of manifests, one a line: `FILE:LINE:COLUMN: error: ...`.
void print_errors(const std::vector<mesh::ManifestError>& errors, std::ostream& err);

/// `dagmesh check`: reads files and folders (none: the current folder), prints what it finds on
/// `out` and what is wrong with the input on `err`.
/// Returns the exit code: 0 without errors, 1 with a finding of severity error, 2 for input that
/// cannot be used; then nothing is checked; 5 when an output cannot be written.
int check(const std::vector<std::string>& paths, const CheckOptions& options, std::ostream& out,
          std::ostream& err);

/// The same for what was read already. Of a live view that is not complete, and has no errors, the
/// exit code is 3.
int check(const mesh::ManifestSet& set, const CheckOptions& options, std::ostream& out,
          std::ostream& err);

} // namespace nodes
