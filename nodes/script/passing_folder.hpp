#pragma once

#include <string>

namespace nodes {

/// A folder for as long as this object lives.
class PassingFolder {
public:
    /// Throws std::runtime_error when it cannot be made.
    PassingFolder();
    PassingFolder(const PassingFolder&) = delete;
    PassingFolder& operator=(const PassingFolder&) = delete;
    ~PassingFolder();

    const std::string& path() const { return path_; }

private:
    std::string path_;
};

} // namespace nodes
