#pragma once

#include "mesh/manifest/document.hpp"
#include "mesh/manifest/manifest.hpp"

#include <string>
#include <vector>

namespace mesh {

/// Joins documents into realms, in order of name; in each the services in order of name, the
/// events in order of pattern, the rest in order of place. A service or event that stands in
/// several documents is one: equal content makes services replicas, unequal content is an error.
std::vector<RealmManifest> join_realms(std::vector<ManifestDocument> documents,
                                       std::vector<ManifestError>& errors);

} // namespace mesh
