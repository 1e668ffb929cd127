#pragma once

#include "mesh/manifest/read.hpp"

#include <cstddef>
#include <iosfwd>

namespace nodes {

inline constexpr std::size_t cycles_shown_default = 100;
inline constexpr std::size_t cycles_shown_max = 100'000;

/// `dagmesh graph cycles`: lists the cycles of each realm, at most `count_max`, shortest first;
/// allowed loop edges are left out. Returns the exit code: 0 without a cycle, 1 with one.
int graph_cycles(const mesh::ManifestSet& set, std::size_t count_max, bool is_json,
                 std::ostream& out);

} // namespace nodes
