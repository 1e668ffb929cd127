#pragma once

#include "mesh/base/result.hpp"
#include "mesh/manifest/source_file.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mesh {

/// The files that references lead to, each read once for all documents of one reading. How a file
/// is read is the caller's choice, so that a text can be read without touching a disk.
class SourceFiles {
public:
    /// The bytes of a file, or why there are none; at most `manifest_size_bytes_max + 1` of them.
    using Read = std::function<Result<std::string>(const std::string& path)>;

    explicit SourceFiles(Read read) : read_(std::move(read)) {}

    /// The file at a path. What is wrong inside of it goes to `errors`, the first time.
    /// Errors: whatever `Read` says; `limit` beyond the bounds below.
    Result<const SourceFile*> open(const std::string& path, std::vector<ManifestError>& errors);

    static constexpr std::size_t files_max = 1'000;
    static constexpr std::size_t size_bytes_max = std::size_t{64} << 20U; ///< of all together

private:
    Read read_;
    std::map<std::string, std::unique_ptr<SourceFile>> files_;
    std::size_t size_bytes_ = 0;
};

} // namespace mesh
