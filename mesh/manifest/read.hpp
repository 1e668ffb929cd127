#pragma once

#include "mesh/manifest/manifest.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// What files say: a realm is complete and usable only when `errors` is empty.
struct ManifestSet {
    std::vector<RealmManifest> realms;
    std::vector<ManifestError> errors; ///< all of all files, in order of place
};

/// Reads files and folders; a folder is every `*.mesh.yaml` below it. The result depends on what
/// the files hold, not on the order in which they are named.
ManifestSet read_manifests(const std::vector<std::string>& paths);

/// Reads one text as if it stood in `file`, which is only named, never opened.
ManifestSet read_manifest_text(std::string_view text, std::string file);

} // namespace mesh
