#pragma once

#include "mesh/flow/streams/archive.hpp"
#include "tests/prove/simulator/disk.hpp"

#include <cstdint>
#include <vector>

namespace simulator {

/// The journal on a node's disk, as its publication reads it.
class DiskArchive final : public mesh::Archive {
public:
    DiskArchive(const Disk& disk, Dice& dice)
        : disk_(disk), dice_(dice), first_(disk.content().trimmed_to + 1) {}

    std::uint64_t first() const override { return first_; }

    /// What was trimmed is gone from now on.
    void trimmed(std::uint64_t first) { first_ = first; }

    std::optional<std::uint64_t> first_since(std::uint64_t time_us) override;
    Stretch read(std::uint64_t from, std::size_t size_bytes_max) override;

    /// Whether nothing was read because the disk was busy; asked once.
    bool was_turned_away() { return std::exchange(was_turned_away_, false); }

private:
    const Disk& disk_;
    Dice& dice_;
    std::uint64_t first_;
    bool was_turned_away_ = false;
    std::vector<mesh::EventLog::Entry> entries_;
};

} // namespace simulator
