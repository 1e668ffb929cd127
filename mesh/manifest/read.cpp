#include "mesh/manifest/read.hpp"

#include "mesh/manifest/document.hpp"
#include "mesh/manifest/find_files.hpp"
#include "mesh/manifest/join_realms.hpp"
#include "mesh/manifest/source_text.hpp"
#include "mesh/manifest/yaml_tree.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace mesh {

namespace {

void read_text(std::string_view text, std::string file, std::vector<ManifestDocument>& documents,
               std::vector<ManifestError>& errors) {
    const SourceText source(text, std::move(file));
    if (auto fault = source.fault()) {
        errors.push_back(std::move(*fault));
        return;
    }
    auto tree = parse_yaml(source);
    if (tree.documents.empty() && tree.errors.empty())
        errors.push_back({"expected a manifest, got an empty file", source.at(0)});
    std::ranges::move(tree.errors, std::back_inserter(errors));
    DocumentReading reading(source, errors);
    for (const auto* root : tree.documents)
        documents.push_back(read_document(reading, *root));
}

/// Aliases lead to one mistake on several ways; it is told once.
void sort_errors(std::vector<ManifestError>& errors) {
    const auto key = [](const ManifestError& error) {
        return std::tie(error.place, error.message);
    };
    const auto is_same = [&](const auto& a, const auto& b) { return key(a) == key(b); };
    std::ranges::sort(errors, {}, key);
    errors.erase(std::unique(errors.begin(), errors.end(), is_same), errors.end());
}

ManifestSet finish(std::vector<ManifestDocument> documents, std::vector<ManifestError> errors) {
    ManifestSet set;
    set.realms = join_realms(std::move(documents), errors);
    sort_errors(errors);
    set.errors = std::move(errors);
    return set;
}

} // namespace

ManifestSet read_manifests(const std::vector<std::string>& paths) {
    std::vector<ManifestDocument> documents;
    std::vector<ManifestError> errors;
    for (const auto& file : find_manifest_files(paths, errors)) {
        const auto count = errors.size();
        const auto text = read_file(file, errors);
        if (errors.size() == count)
            read_text(text, file, documents, errors);
    }
    return finish(std::move(documents), std::move(errors));
}

ManifestSet read_manifest_text(std::string_view text, std::string file) {
    std::vector<ManifestDocument> documents;
    std::vector<ManifestError> errors;
    read_text(text, std::move(file), documents, errors);
    return finish(std::move(documents), std::move(errors));
}

} // namespace mesh
