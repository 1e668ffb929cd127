#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace tests {

/// A number in little-endian bytes.
inline std::string little_endian(std::uint64_t number, std::size_t size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i)
        bytes += static_cast<char>(number >> 8 * i & 0xffU);
    return bytes;
}

/// A zstd frame (RFC 8878) made by hand: `content_size` times the byte `c`, in blocks that say so,
/// and a header that claims `claimed_size` of them. What a zstd of any version has to read the
/// same.
inline std::string frame_of_one_byte(char c, std::uint64_t content_size,
                                     std::uint32_t claimed_size) {
    constexpr std::uint64_t block_size_max = 128 * 1024;
    constexpr std::uint64_t repeats_one_byte = 1;
    // A single segment, its size in four bytes.
    std::string frame = "\x28\xb5\x2f\xfd\xa0" + little_endian(claimed_size, 4);
    for (auto rest = content_size; rest > 0;) {
        const auto size = rest < block_size_max ? rest : block_size_max;
        rest -= size;
        frame += little_endian(size << 3U | repeats_one_byte << 1U | (rest == 0 ? 1U : 0U), 3) + c;
    }
    return frame;
}

/// Such a frame as a payload is, behind `claimed_size`.
inline std::string compressed_by_hand(char c, std::uint64_t content_size,
                                      std::uint32_t claimed_size) {
    return little_endian(claimed_size, 4) + frame_of_one_byte(c, content_size, claimed_size);
}

} // namespace tests
