#pragma once

#include "mesh/base/log.hpp"
#include "mesh/flow/spill_store.hpp"
#include "mesh/store/spill_file.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mesh {

/// What a publication puts aside, in a file. Says in the log what goes wrong.
class Spill : public SpillStore {
public:
    Spill(std::string folder, std::uint64_t size_bytes_max)
        : file_(std::move(folder), size_bytes_max) {}

    Result<SpillPlace> append(Bytes record) override {
        const auto place = file_.append(record);
        if (!place) {
            full_(place.error().detail);
            return tl::unexpected(place.error());
        }
        return SpillPlace{place->offset, place->size_bytes};
    }

    Result<std::vector<std::byte>> read(const SpillPlace& place) override {
        auto record = file_.read({place.offset, place.size_bytes});
        if (!record)
            unreadable_(record.error().detail);
        return record;
    }

    void release(const SpillPlace& place) override {
        file_.release({place.offset, place.size_bytes});
    }

private:
    SpillFile file_;
    CountedWarning full_{"events are lost that have no room on disk"};
    CountedWarning unreadable_{"events are lost that cannot be read back from disk"};
};

} // namespace mesh
