#pragma once

#include "mesh/manifest/document.hpp"
#include "mesh/manifest/source_files.hpp"

#include <vector>

namespace mesh {

/// Whether a document is one of AsyncAPI, by its key `asyncapi`.
bool is_asyncapi(const YamlNode& root);

/// Reads an AsyncAPI document of version 2 or 3 as a manifest of one service. What a channel's
/// messages hold becomes the fields of its event. Local `$ref`s are followed, the network is never
/// asked; parts that say nothing of the graph are not looked at.
/// Errors go to `errors`, with the place in whichever file they stand.
ManifestDocument read_asyncapi(const SourceFile& file, const YamlNode& root, SourceFiles& others,
                               std::vector<ManifestError>& errors);

} // namespace mesh
