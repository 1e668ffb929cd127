#include "mesh/manifest/read.hpp"

#include "mesh/manifest/asyncapi.hpp"
#include "mesh/manifest/document.hpp"
#include "mesh/manifest/file_text.hpp"
#include "mesh/manifest/find_files.hpp"
#include "mesh/manifest/join_realms.hpp"
#include "mesh/manifest/source_files.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace mesh {

namespace {

void read_text(std::string text, std::string path, SourceFiles& others,
               std::vector<ManifestDocument>& documents, std::vector<ManifestError>& errors) {
    const SourceFile file(std::move(text), std::move(path), errors);
    DocumentReading reading(file.source(), errors);
    for (const auto* root : file.documents())
        documents.push_back(is_asyncapi(*root) ? read_asyncapi(file, *root, others, errors)
                                               : read_document(reading, *root));
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
    const auto read = [](const std::string& path) {
        return read_file(path, manifest_size_bytes_max + 1);
    };
    SourceFiles others(read);
    for (const auto& path : find_manifest_files(paths, errors)) {
        auto text = read(path);
        if (text)
            read_text(std::move(*text), path, others, documents, errors);
        else
            errors.push_back({text.error().detail, Place{path}});
    }
    return finish(std::move(documents), std::move(errors));
}

ManifestSet read_manifest_text(std::string_view text, std::string file,
                               const std::map<std::string, std::string>& others) {
    std::vector<ManifestDocument> documents;
    std::vector<ManifestError> errors;
    SourceFiles referred([&](const std::string& path) -> Result<std::string> {
        const auto found = others.find(path);
        if (found != others.end())
            return found->second;
        return fail(ErrorCode::environment, "cannot read it: it is not among the texts given");
    });
    read_text(std::string(text), std::move(file), referred, documents, errors);
    return finish(std::move(documents), std::move(errors));
}

} // namespace mesh
