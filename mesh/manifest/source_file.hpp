#pragma once

#include "mesh/manifest/source_text.hpp"
#include "mesh/manifest/yaml_tree.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mesh {

/// One file, read whole: its text and the values in it. Neither copies nor moves, because the
/// values refer to each other.
class SourceFile {
public:
    /// Reads the text, as JSON when the name ends in `.json`, else as YAML. What is wrong with it
    /// goes to `errors`; then `documents` may be fewer, or none.
    SourceFile(std::string text, std::string path, std::vector<ManifestError>& errors);

    SourceFile(const SourceFile&) = delete;
    SourceFile& operator=(const SourceFile&) = delete;

    const SourceText& source() const { return source_; }

    const std::vector<const YamlNode*>& documents() const { return tree_.documents; }

    /// The value of a key in a mapping of this file, or null. Constant time: references may ask
    /// a large mapping often.
    const YamlNode* find(const YamlNode& map, std::string_view key) const;

private:
    using Keys = std::unordered_map<std::string_view, const YamlNode*>;

    std::string text_;
    SourceText source_;
    YamlTree tree_;
    mutable std::unordered_map<const YamlNode*, Keys> keys_; ///< of large mappings, once asked
};

} // namespace mesh
