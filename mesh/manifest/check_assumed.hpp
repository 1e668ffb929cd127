#pragma once

#include "mesh/manifest/manifest.hpp"

#include <cstddef>
#include <vector>

namespace mesh {

/// How many emissions of one realm may be assumed. A handler without `emits` is read as one that
/// emits all that its service publishes, so a small file could make a very large graph.
inline constexpr std::size_t assumed_emissions_max = 1'000'000;

/// Notes an error where the services of a realm pass that bound.
void check_assumed(const std::vector<ServiceManifest>& services,
                   std::vector<ManifestError>& errors);

} // namespace mesh
