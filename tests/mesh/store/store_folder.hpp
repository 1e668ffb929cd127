#pragma once

#include "tests/support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace tests {

/// A folder of one test's own, gone at its end. In memory where that is possible: what is tested is
/// the order of writes, not the disk.
struct StoreFolder {
    std::filesystem::path path;

    StoreFolder() {
        namespace fs = std::filesystem;
        const auto base = fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
        auto name = (base / "dagmesh-store-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) {
            name = (fs::temp_directory_path() / "dagmesh-store-XXXXXX").string();
            REQUIRE(mkdtemp(name.data()) != nullptr);
        }
        path = name;
    }

    StoreFolder(const StoreFolder&) = delete;
    StoreFolder& operator=(const StoreFolder&) = delete;
    StoreFolder(StoreFolder&&) = delete;
    StoreFolder& operator=(StoreFolder&&) = delete;

    ~StoreFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }

    std::string file(const std::string& name = "node.db") const { return (path / name).string(); }
};

inline std::string bytes_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

} // namespace tests
