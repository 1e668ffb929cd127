#pragma once

#include "mesh/manifest/manifest.hpp"
#include "mesh/manifest/source_text.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

namespace mesh {

struct YamlNode;

struct YamlEntry {
    const YamlNode* key;
    const YamlNode* value;
};

/// One value of a YAML text. Scalars are text, whatever YAML takes them for. An alias is the very
/// node of its anchor, so a node may be reached on several ways.
struct YamlNode {
    enum class Kind { nothing, text, list, map };

    Kind kind = Kind::nothing;
    std::size_t offset = 0; ///< where it begins
    std::string text;
    bool is_plain = true;   ///< neither quoted nor a block
    bool is_folded = false; ///< a block that `>` begins
    std::vector<const YamlNode*> items;
    std::vector<YamlEntry> entries; ///< in order; keys are texts and unique; `<<` is resolved
};

/// The documents of one text. `errors` holds what YAML itself forbids: wrong syntax, duplicate
/// keys, aliases of nothing, and texts beyond the bounds below. A document that breaks off is left
/// out.
struct YamlTree {
    std::deque<YamlNode> nodes;
    std::vector<const YamlNode*> documents;
    std::vector<ManifestError> errors;
};

inline constexpr std::size_t yaml_depth_max = 64;
inline constexpr std::size_t yaml_nodes_max = 1'000'000;

/// Reads all documents of a text. Never throws for what the text holds. Time and memory are
/// bounded: at most `yaml_depth_max` levels, `yaml_nodes_max` values and as many merged entries.
YamlTree parse_yaml(const SourceText& source);

} // namespace mesh
