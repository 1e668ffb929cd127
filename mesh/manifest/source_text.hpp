#pragma once

#include "mesh/manifest/manifest.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// Largest manifest file.
inline constexpr std::size_t manifest_size_bytes_max = std::size_t{16} << 20U;

/// The text of one file, and where its bytes stand. Views `text`, which has to outlive it. A byte
/// order mark at the start is not part of it.
class SourceText {
public:
    SourceText(std::string_view text, std::string file);

    std::string_view text() const { return text_; }

    const std::string& file() const { return file_; }

    /// Line and column of a byte, both from 1. Columns count characters, not bytes.
    Place at(std::size_t offset) const;

    /// What keeps it from being read at all: too large, not UTF-8, control characters.
    std::optional<ManifestError> fault() const;

private:
    /// A text may be one line of 16 MiB, so counting from the start of a line is too slow.
    static constexpr std::size_t block_size_bytes = 1'024;

    std::size_t characters_before(std::size_t offset) const;

    std::string_view text_;
    std::string file_;
    std::vector<std::size_t> line_starts_;
    std::vector<std::size_t> characters_before_; ///< each block, and at last the end
};

/// Text of the user for a message: quoted, shortened, control characters replaced.
std::string in_quotes(std::string_view text);

} // namespace mesh
