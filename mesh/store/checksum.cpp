#include "mesh/store/checksum.hpp"

#include <zlib.h>

namespace mesh {

Checksum& Checksum::add(std::uint64_t value) {
    return add_bare(std::as_bytes(std::span{&value, 1}));
}

Checksum& Checksum::add(std::string_view text) {
    return add(bytes_of(text));
}

Checksum& Checksum::add(Bytes bytes) {
    return add(std::uint64_t{bytes.size()}).add_bare(bytes);
}

Checksum& Checksum::add_bare(Bytes bytes) {
    // A null pointer would reset the sum.
    if (!bytes.empty())
        value_ = static_cast<std::uint32_t>(
            crc32_z(value_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
    return *this;
}

} // namespace mesh
