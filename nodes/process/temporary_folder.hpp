#pragma once

#include <string>

namespace nodes {

/// A folder that goes with it, and all that is in it.
class TemporaryFolder {
public:
    /// Throws std::runtime_error when there can be none in `parent`.
    explicit TemporaryFolder(const std::string& parent);
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return path_; }

private:
    std::string path_;
};

} // namespace nodes
