#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace mesh {

/// What parts the names of an edge list: blank, tab and newline, as for GNU tsort. Every other byte
/// belongs to a name, the carriage return and zero included.
constexpr bool is_edge_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n';
}

/// How many bytes `edge_blanks` looks at.
constexpr unsigned edge_blanks_size = 64;

/// Which of the 64 bytes at `text` are blanks; the first byte is the lowest bit. Eight bytes at a
/// time in plain 64-bit numbers, so it is equally quick on every machine.
inline std::uint64_t edge_blanks(const char* text) {
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101U;
    constexpr std::uint64_t low_bits = 0x7f * ones;
    std::uint64_t found = 0;
    for (unsigned i = 0; i < edge_blanks_size; i += 8) {
        std::uint64_t word;
        std::memcpy(&word, text + i, sizeof word);
        if constexpr (std::endian::native == std::endian::big)
            word = __builtin_bswap64(word);
        // In each byte the highest bit of a sum tells "at least"; a byte of 128 and more is none.
        const auto low = word & low_bits;
        const auto is_tab_or_more = low + (0x80 - '\t') * ones;
        const auto is_beyond_newline = low + (0x80 - '\n' - 1) * ones;
        const auto is_not_space = (low ^ (' ' * ones)) + low_bits;
        const auto is_blank =
            ((is_tab_or_more & ~is_beyond_newline) | ~is_not_space) & ~word & (0x80 * ones);
        // Gathers the eight highest bits: the product moves bit 8 k to 56 + k.
        found |= (((is_blank >> 7U) * 0x0102'0408'1020'4080U) >> 56U) << i;
    }
    return found;
}

} // namespace mesh
