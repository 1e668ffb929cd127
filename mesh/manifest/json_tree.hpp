#pragma once

#include "mesh/manifest/yaml_tree.hpp"

namespace mesh {

/// Reads a JSON text into the same tree as YAML: numbers, `true` and `false` are texts as written,
/// `null` is nothing. Never throws for what the text holds; the bounds of `parse_yaml` hold, but
/// for the size of one value. JSON is nearly YAML, and yaml-cpp 0.7 would read most of it: not
/// surrogates, not keys on a line of their own, and nothing above 256 KiB.
YamlTree parse_json(const SourceText& source);

} // namespace mesh
