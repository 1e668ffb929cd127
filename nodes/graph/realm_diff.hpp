#pragma once

#include "mesh/graph/answers/graph_diff.hpp"
#include "mesh/manifest/read.hpp"
#include "nodes/graph/answer_json.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace nodes {

/// What distinguishes two versions of one realm. A realm that only one version has differs from an
/// empty one.
struct RealmDiff {
    std::string realm;
    mesh::GraphDiff graph;
};

/// Compares the realms of the same name, in order of name.
std::vector<RealmDiff> diff_realms(const mesh::ManifestSet& before, const mesh::ManifestSet& after);

/// One line a difference, `+` for new and `-` for gone, and a line that sums up. With several
/// realms each has a heading.
void print_diff(const std::vector<RealmDiff>& diffs, std::ostream& out);

Json diff_json(const RealmDiff& diff);

/// `dagmesh graph diff`: prints what has changed. Returns the exit code: 0, whatever it is.
int graph_diff(const mesh::ManifestSet& before, const mesh::ManifestSet& after, bool is_json,
               std::ostream& out);

} // namespace nodes
