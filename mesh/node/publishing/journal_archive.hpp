#pragma once

#include "mesh/flow/streams/archive.hpp"
#include "mesh/node/disk.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace mesh {

/// A node's journal as its links read it. It never waits for the disk: while somebody else uses
/// that, nothing can be read.
class JournalArchive final : public Archive {
public:
    explicit JournalArchive(Disk& disk) : disk_(disk), first_(disk.journal->first()) {}

    std::uint64_t first() const override { return first_; }

    std::optional<std::uint64_t> first_since(std::uint64_t time_us) override;
    Stretch read(std::uint64_t from, std::size_t size_bytes_max) override;

    /// Everything before was trimmed.
    void trimmed(std::uint64_t first) { first_ = first; }

private:
    Disk& disk_;
    std::uint64_t first_;
    JournalStretch held_;
    std::vector<EventLog::Entry> entries_;
};

} // namespace mesh
