#include "mesh/store/checksum.hpp"

#include <zlib.h>

namespace mesh {

namespace {

std::uint32_t continued(std::uint32_t value, const void* data, std::size_t size) {
    return static_cast<std::uint32_t>(crc32_z(value, static_cast<const Bytef*>(data), size));
}

} // namespace

Checksum& Checksum::add(std::uint64_t value) {
    value_ = continued(value_, &value, sizeof value);
    return *this;
}

Checksum& Checksum::add(std::string_view text) {
    return add(bytes_of(text));
}

Checksum& Checksum::add(Bytes bytes) {
    add(std::uint64_t{bytes.size()});
    // A null pointer would reset the sum.
    if (!bytes.empty())
        value_ = continued(value_, bytes.data(), bytes.size());
    return *this;
}

} // namespace mesh
