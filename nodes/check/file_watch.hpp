#pragma once

#include "nodes/cli/file_descriptor.hpp"

#include <set>
#include <string>
#include <vector>

namespace nodes {

/// Tells that something happened to files and folders, or near them: editors write beside a file
/// and rename, folders vanish and return. It watches folders only, those named and all below, and
/// the ones in which named files lie or would lie. Made anew after each news, so that folders which
/// came meanwhile are watched too.
class FileWatch {
public:
    /// Throws std::system_error when the kernel has no watches left.
    explicit FileWatch(const std::vector<std::string>& paths);

    /// Readable when there is news.
    int fd() const { return fd_.get(); }

    /// Forgets the news that came so far.
    void drain() const;

private:
    void add(const std::string& folder);
    void add_below(const std::string& top);
    void add_around(const std::string& path);

    FileDescriptor fd_;
    std::set<std::string> seen_; ///< folders, by their real paths
};

} // namespace nodes
