#include "tests/fuzz/entry.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

/// Feeds every file of the folders given to the fuzz target this is linked with. A target that
/// finds something ends the program, so the name of each file is told before.
/// Exit code: 0, or 2 when there is nothing to feed.
int main(int argc, char** argv) {
    std::vector<std::filesystem::path> files;
    for (int i = 1; i < argc; ++i) {
        std::error_code fault;
        for (const auto& entry : std::filesystem::directory_iterator(argv[i], fault))
            files.push_back(entry.path());
        if (fault) {
            std::fprintf(stderr, "%s: %s\n", argv[i], fault.message().c_str());
            return 2;
        }
    }
    std::ranges::sort(files);
    for (const auto& file : files) {
        std::printf("%s\n", file.c_str());
        std::fflush(stdout);
        std::ifstream stream(file, std::ios::binary);
        const std::string bytes(std::istreambuf_iterator<char>(stream), {});
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    }
    std::printf("%zu files\n", files.size());
    return files.empty() ? 2 : 0;
}
