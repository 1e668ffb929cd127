#include "mesh/store/stored_instances.hpp"

#include "mesh/store/file_name.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace mesh {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view data_suffix = "+data";

void add_instances(const fs::path& folder, const std::string& service,
                   std::vector<StoredInstance>& found, std::error_code& error) {
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const auto file = entry.path().filename().string();
        if (!file.ends_with(data_suffix))
            continue;
        const auto name = text_of_file_name(file.substr(0, file.size() - data_suffix.size()));
        const auto database = entry.path() / "node.db";
        std::error_code ignored;
        if (name && fs::exists(database, ignored))
            found.push_back({service, *name, database.string()});
    }
}

} // namespace

Result<std::vector<StoredInstance>> stored_instances(const std::string& folder,
                                                     std::string_view realm) {
    std::vector<StoredInstance> found;
    const auto place = fs::path(folder) / file_name(realm);
    std::error_code error;
    if (!fs::exists(place, error) && !error)
        return found;
    for (const auto& entry : fs::directory_iterator(place, error)) {
        const auto service = text_of_file_name(entry.path().filename().string());
        if (service && entry.is_directory(error))
            add_instances(entry.path(), *service, found, error);
        if (error)
            break;
    }
    if (error)
        return fail(ErrorCode::environment, place.string() + ": " + error.message());
    std::ranges::sort(found, [](const auto& a, const auto& b) {
        return std::pair(a.service, a.name) < std::pair(b.service, b.name);
    });
    return found;
}

} // namespace mesh
