#pragma once

#include "mesh/manifest/manifest.hpp"

#include <string>
#include <vector>

namespace mesh {

/// The manifest files that `paths` name, sorted and each once: a file is itself, a folder is every
/// `*.mesh.yaml` below it, and every `*.yaml`, `*.yml` and `*.json` whose first key is `asyncapi`.
/// Symbolic links are followed.
/// Errors: a path that is missing or cannot be read, folders that contain themselves, a folder
/// without any manifest.
std::vector<std::string> find_manifest_files(const std::vector<std::string>& paths,
                                             std::vector<ManifestError>& errors);

} // namespace mesh
