#pragma once

#include <cstdint>
#include <string_view>

namespace mesh {

/// FNV-1a, 64 bit: names contracts and realms on the wire. Not for secrets.
/// Source: draft-eastlake-fnv, the offset basis and prime of the 64-bit variant.
constexpr std::uint64_t hash64(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3U;
    }
    return hash;
}

} // namespace mesh
