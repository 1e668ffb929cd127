#pragma once

// Private to this room: writing the maps that packed::Map reads.

#include "mesh/wire/packed.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace mesh::packed {

using Packer = msgpack::packer<msgpack::sbuffer>;

/// Writes the fields of a map; their number is known before.
class Fields {
public:
    Fields(Packer& packer, std::uint32_t count) : packer_(packer) { packer.pack_map(count); }

    template <class T>
    Fields& add(std::string_view name, const T& value) {
        packer_.pack(name);
        packer_.pack(value);
        return *this;
    }

    /// Rows of numbers: each an array, in the order that docs/wire_format.md gives.
    template <class Row, class Pack>
    Fields& rows(std::string_view name, const std::vector<Row>& rows, Pack pack) {
        packer_.pack(name);
        packer_.pack_array(static_cast<std::uint32_t>(rows.size()));
        for (const auto& row : rows)
            packer_.pack(pack(row));
        return *this;
    }

private:
    Packer& packer_;
};

} // namespace mesh::packed
