#include "nodes/process/temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace nodes {

TemporaryFolder::TemporaryFolder(const std::string& parent) : path_(parent + "/dagmesh-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr)
        throw std::runtime_error("cannot make a folder in " + parent + ": " +
                                 std::generic_category().message(errno));
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

} // namespace nodes
