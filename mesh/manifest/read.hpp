#pragma once

#include "mesh/manifest/manifest.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// What files say: a realm is complete and usable only when `errors` is empty.
struct ManifestSet {
    std::vector<RealmManifest> realms;
    std::vector<ManifestError> errors; ///< all of all files, in order of place
};

/// Reads manifests and AsyncAPI documents; a folder is every `*.mesh.yaml` below it, and every
/// `*.yaml`, `*.yml` and `*.json` that begins with the key `asyncapi`. The result depends on what
/// the files hold, not on the order in which they are named.
ManifestSet read_manifests(const std::vector<std::string>& paths);

/// Reads one text as if it stood in `file`, which is only named, never opened. What its references
/// lead to are the texts of `others`, by path.
ManifestSet read_manifest_text(std::string_view text, std::string file,
                               const std::map<std::string, std::string>& others = {});

} // namespace mesh
