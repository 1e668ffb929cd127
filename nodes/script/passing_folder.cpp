#include "nodes/script/passing_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace nodes {

PassingFolder::PassingFolder()
    : path_((std::filesystem::temp_directory_path() / "dagmesh-script-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr)
        throw std::runtime_error("cannot make the folder " + path_ + ": " +
                                 std::generic_category().message(errno));
}

PassingFolder::~PassingFolder() {
    std::error_code ignored; // what is left of it, is left in the folder for such
    std::filesystem::remove_all(path_, ignored);
}

} // namespace nodes
