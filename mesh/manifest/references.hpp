#pragma once

#include "mesh/manifest/document_reading.hpp"
#include "mesh/manifest/source_files.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// One file as a document sees it that refers to it.
struct ReferredFile {
    const SourceFile* file;
    const YamlNode* root; ///< where pointers into it begin
    DocumentReading reading;
};

/// A value, and the file in which it stands.
struct Part {
    ReferredFile* in;
    const YamlNode* node;

    DocumentReading& reading() const { return in->reading; }

    Place place() const { return in->reading.place(*node); }

    bool is(YamlNode::Kind kind) const { return node->kind == kind; }
};

/// The values of one document, and of the files that its `$ref`s lead to. Counts what it follows,
/// and stops with an error at the bounds below: references share values as aliases do, so a small
/// file could take forever otherwise.
class References {
public:
    References(const SourceFile& file, const YamlNode& root, SourceFiles& others,
               std::vector<ManifestError>& errors);

    References(const References&) = delete;
    References& operator=(const References&) = delete;

    Part root() { return {&files_.front(), files_.front().root}; }

    /// The value of a key, when `map` is a mapping and has it.
    static std::optional<Part> find(const Part& map, std::string_view key);

    /// Where a value really stands, and the last name of its first `$ref`, which is how its user
    /// calls it; empty without one.
    struct Target {
        Part part;
        std::string name;
    };

    /// Follows `$ref` for as long as there is one. Nothing after an error.
    std::optional<Target> follow(Part part);

    /// Counts one more value that is read. False, and once an error, when they are too many.
    bool count(const Part& part);

    /// Of all files, in the order in which they were opened.
    std::vector<ManifestWarning> take_warnings();

    static constexpr std::size_t chain_max = 32;
    static constexpr std::size_t parts_max = 1'000'000;

private:
    std::optional<Part> step(const Part& from, const YamlNode& text, std::string& name);
    ReferredFile* open(const Part& from, const YamlNode& text, const std::string& path);

    SourceFiles& others_;
    std::vector<ManifestError>& errors_;
    std::deque<ReferredFile> files_;
    std::map<std::string, ReferredFile*> by_path_; ///< null for a file that cannot be used
    std::size_t part_count_ = 0;
};

} // namespace mesh
