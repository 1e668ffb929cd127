#include "mesh/manifest/source_files.hpp"

namespace mesh {

Result<const SourceFile*> SourceFiles::open(const std::string& path,
                                            std::vector<ManifestError>& errors) {
    if (const auto known = files_.find(path); known != files_.end())
        return known->second.get();
    if (files_.size() >= files_max)
        return fail(ErrorCode::limit,
                    "expected references to at most " + std::to_string(files_max) + " other files");
    auto text = read_(path);
    if (!text)
        return tl::unexpected(text.error());
    size_bytes_ += text->size();
    if (size_bytes_ > size_bytes_max)
        return fail(ErrorCode::limit, "expected references to at most 64 MiB of other files");
    auto& file = files_[path];
    file = std::make_unique<SourceFile>(std::move(*text), path, errors);
    return file.get();
}

} // namespace mesh
