#include "mesh/manifest/source_file.hpp"

#include "mesh/manifest/json_tree.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace mesh {

namespace {

/// Below this a mapping is searched from its start.
constexpr std::size_t large_map_size = 16;

} // namespace

SourceFile::SourceFile(std::string text, std::string path, std::vector<ManifestError>& errors)
    : text_(std::move(text)), source_(text_, std::move(path)) {
    if (auto fault = source_.fault()) {
        errors.push_back(std::move(*fault));
        return;
    }
    tree_ = source_.file().ends_with(".json") ? parse_json(source_) : parse_yaml(source_);
    if (tree_.documents.empty() && tree_.errors.empty())
        errors.push_back({"expected a manifest, got an empty file", source_.at(0)});
    std::ranges::move(tree_.errors, std::back_inserter(errors));
}

const YamlNode* SourceFile::find(const YamlNode& map, std::string_view key) const {
    if (map.entries.size() < large_map_size) {
        for (const auto& entry : map.entries)
            if (entry.key->text == key)
                return entry.value;
        return nullptr;
    }
    const auto [known, is_new] = keys_.try_emplace(&map);
    if (is_new)
        for (const auto& entry : map.entries)
            known->second.emplace(entry.key->text, entry.value);
    const auto found = known->second.find(key);
    return found == known->second.end() ? nullptr : found->second;
}

} // namespace mesh
