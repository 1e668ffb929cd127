#pragma once

#include "mesh/flow/archive.hpp"
#include "mesh/node/disk.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mesh {

/// A node's journal as its links read it. It never waits for the disk: while somebody else uses
/// that, nothing can be read.
class JournalArchive final : public Archive {
public:
    explicit JournalArchive(Disk& disk) : disk_(disk), first_(disk.journal->first()) {}

    std::uint64_t first() const override { return first_; }

    std::uint64_t first_since(std::uint64_t time_us) const override;
    Stretch read(std::uint64_t from, std::size_t size_bytes_max) override;

    /// Everything before was trimmed.
    void trimmed(std::uint64_t first) { first_ = first; }

    /// Whether a reader had to go away since the last call. Any thread.
    bool take_turned_away() { return was_turned_away_.exchange(false); }

private:
    Disk& disk_;
    std::uint64_t first_;
    std::atomic<bool> was_turned_away_{false};
    JournalStretch held_;
    std::vector<EventLog::Entry> entries_;
};

} // namespace mesh
