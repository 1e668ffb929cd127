#pragma once

#include "mesh/base/bytes.hpp"

#include <cstdint>
#include <string_view>

namespace mesh {

/// CRC-32 over the fields of what lies on disk, one after the other. It finds every single flipped
/// bit. Integers count as eight bytes, little-endian; texts and bytes with their length before
/// them, so that nothing can move from one field to the next.
class Checksum {
public:
    /// `seed` ties the sum to its owner: the same bytes under another one have another sum.
    explicit Checksum(std::uint64_t seed = 0) { add(seed); }

    Checksum& add(std::uint64_t value);
    Checksum& add(std::string_view text);
    Checksum& add(Bytes bytes);

    /// The bytes without their length: for what has its length in it.
    Checksum& add_bare(Bytes bytes);

    std::uint32_t value() const { return value_; }

private:
    std::uint32_t value_ = 0;
};

} // namespace mesh
