#pragma once

#include "mesh/flow/spill_store.hpp"
#include "tests/mesh/flow/truth.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

namespace flow_test {

/// Where a publication puts events aside: a disk that may be full or give back nothing, as a seed
/// has it.
class SimulatedDisk : public mesh::SpillStore {
public:
    /// 0: a disk without faults.
    explicit SimulatedDisk(std::uint64_t seed) : is_bad_(seed != 0), random_(seed) {}

    bool is_bad() const { return is_bad_; }

    bool is_empty() const { return records_.empty(); }

    mesh::Result<mesh::SpillPlace> append(mesh::Bytes record) override {
        if (is_bad_ && random_() % 4 == 0)
            return mesh::fail(mesh::ErrorCode::limit, "full");
        const auto offset = ++last_offset_;
        records_[offset] = {record.begin(), record.end()};
        return mesh::SpillPlace{offset, static_cast<std::uint32_t>(record.size())};
    }

    mesh::Result<std::vector<std::byte>> read(const mesh::SpillPlace& place) override {
        const auto found = records_.find(place.offset);
        expect(found != records_.end(), "what was released is read");
        if (is_bad_ && random_() % 8 == 0)
            return mesh::fail(mesh::ErrorCode::malformed, "rotten");
        return found->second;
    }

    void release(const mesh::SpillPlace& place) override {
        expect(records_.erase(place.offset) == 1, "what is put aside is released twice");
    }

private:
    bool is_bad_;
    std::mt19937_64 random_;
    std::uint64_t last_offset_ = 0;
    std::map<std::uint64_t, std::vector<std::byte>> records_;
};

} // namespace flow_test
