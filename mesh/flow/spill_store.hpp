#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mesh {

/// Where a record lies that was put aside.
struct SpillPlace {
    std::uint64_t offset = 0;
    std::uint32_t size_bytes = 0;

    bool operator==(const SpillPlace&) const = default;
};

/// Holds what a publisher's log lets go while it is owed to a subscription with the policy
/// `spill`: records of some hundred KiB, written once, read back at most a few times, about in the
/// order of writing. They need not outlive the process. The publication decides what is put aside;
/// whoever implements this only keeps it.
class SpillStore {
public:
    SpillStore() = default;
    SpillStore(const SpillStore&) = delete;
    SpillStore& operator=(const SpillStore&) = delete;
    virtual ~SpillStore() = default;

    /// Puts a record aside. Errors: `limit` beyond the bound, `environment` when the disk is full
    /// or fails.
    virtual Result<SpillPlace> append(Bytes record) = 0;

    /// Reads it back. Errors: `malformed` when it is not what was written, `environment`.
    virtual Result<std::vector<std::byte>> read(const SpillPlace& place) = 0;

    /// Nobody asks for it any more: its room may be used again.
    virtual void release(const SpillPlace& place) = 0;
};

} // namespace mesh
