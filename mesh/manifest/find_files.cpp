#include "mesh/manifest/find_files.hpp"

#include "mesh/manifest/asyncapi_first_key.hpp"
#include "mesh/manifest/file_text.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

namespace mesh {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view manifest_suffix = ".mesh.yaml";

/// How much of a file is read to find its first key: comments may stand before it.
constexpr std::size_t beginning_size_bytes = std::size_t{64} << 10U;

void report(std::vector<ManifestError>& errors, const std::string& path, const std::string& why) {
    errors.push_back({"cannot read it: " + why, Place{path}});
}

/// One walk below a folder. Goes through its own list instead of recursing: folders may be deep.
class FolderWalk {
public:
    FolderWalk(std::vector<std::string>& files, std::vector<ManifestError>& errors)
        : files_(files), errors_(errors) {}

    void walk(const fs::path& top) {
        enter(top, none);
        for (std::size_t next = 0; next < folders_.size(); ++next)
            list(next);
    }

private:
    static constexpr auto none = static_cast<std::size_t>(-1);

    struct Folder {
        fs::path path;
        fs::path real;
        std::size_t parent;
    };

    /// A folder that lies inside itself is a loop; one that was seen on another way is not.
    void enter(const fs::path& path, std::size_t parent) {
        std::error_code fault;
        auto real = fs::canonical(path, fault);
        if (fault)
            return report(errors_, path.string(), fault.message());
        for (auto above = parent; above != none; above = folders_[above].parent)
            if (folders_[above].real == real)
                return report(errors_, path.string(),
                              "the folder contains itself, as " + real.string());
        if (seen_.insert(real.string()).second)
            folders_.push_back({path, std::move(real), parent});
    }

    void list(std::size_t index) {
        const auto folder = folders_[index].path;
        std::error_code fault;
        fs::directory_iterator entries(folder, fault);
        for (; !fault && entries != fs::directory_iterator{}; entries.increment(fault)) {
            const auto& path = entries->path();
            std::error_code ignored; // a link to nowhere is no folder
            if (fs::is_directory(path, ignored))
                enter(path, index);
            else if (path.filename().string().ends_with(manifest_suffix) || is_asyncapi(path))
                files_.push_back(path.string());
        }
        if (fault)
            report(errors_, folder.string(), fault.message());
    }

    /// Other files are none of our business unless they begin as a document does. One that may not
    /// be read could be one.
    bool is_asyncapi(const fs::path& path) {
        const auto suffix = path.extension();
        if ((suffix != ".yaml" && suffix != ".yml" && suffix != ".json") ||
            !is_regular_file(path.string()))
            return false;
        const auto beginning = read_file(path.string(), beginning_size_bytes);
        if (!beginning && is_regular_file(path.string()))
            errors_.push_back({beginning.error().detail, Place{path.string()}});
        return beginning && begins_with_asyncapi(*beginning);
    }

    std::vector<std::string>& files_;
    std::vector<ManifestError>& errors_;
    std::vector<Folder> folders_;
    std::set<std::string> seen_;
};

} // namespace

std::vector<std::string> find_manifest_files(const std::vector<std::string>& paths,
                                             std::vector<ManifestError>& errors) {
    std::vector<std::string> found;
    for (const auto& path : paths) {
        std::error_code fault;
        if (!fs::is_directory(path, fault)) {
            found.push_back(path);
            continue;
        }
        const auto count = found.size();
        const auto error_count = errors.size();
        FolderWalk(found, errors).walk(path);
        if (found.size() == count && errors.size() == error_count)
            errors.push_back(
                {"expected a *.mesh.yaml file or an AsyncAPI document below this folder, got none",
                 Place{path}});
    }
    std::ranges::sort(found);
    std::set<std::string> seen;
    std::vector<std::string> unique;
    for (auto& path : found) {
        std::error_code fault;
        const auto real = fs::canonical(path, fault);
        if (seen.insert(fault ? path : real.string()).second)
            unique.push_back(std::move(path));
    }
    return unique;
}

} // namespace mesh
