#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mesh {

/// Records of a running process that have no room in memory: a file without a name, which is gone
/// with the process. Written once at its end, read back about in that order, given up one by one.
/// Not safe for several threads.
class SpillFile {
public:
    struct Place {
        std::uint64_t offset = 0;
        std::uint32_t size_bytes = 0;
    };

    /// Opens no file before the first record. `folder` is made when it is not there;
    /// `size_bytes_max` bounds the records that are not given up.
    SpillFile(std::string folder, std::uint64_t size_bytes_max);
    ~SpillFile();
    SpillFile(const SpillFile&) = delete;
    SpillFile& operator=(const SpillFile&) = delete;

    /// Errors: `limit` beyond the bound, `environment` when the folder or the disk refuses.
    Result<Place> append(Bytes record);

    /// Errors: `malformed` when the checksum does not agree, `environment` when it cannot be read.
    Result<std::vector<std::byte>> read(const Place& place) const;

    /// Gives a record's room back to the disk.
    void release(const Place& place);

    /// Of the records that are not given up.
    std::uint64_t size_bytes() const { return size_bytes_; }

private:
    Result<void> open();

    std::string folder_;
    std::uint64_t size_bytes_max_;
    int fd_ = -1;
    std::uint64_t end_ = 0;
    std::uint64_t size_bytes_ = 0;
};

} // namespace mesh
