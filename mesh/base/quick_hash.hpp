#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace mesh {

/// Spreads texts over tables in memory, eight bytes at a time. Another value on another machine, so
/// not for the wire; not for secrets.
inline std::uint64_t quick_hash(std::string_view text) {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15U; // splitmix64's constant
    const auto mix = [](std::uint64_t hash, std::uint64_t word) {
        hash = (hash ^ word) * odd;
        return hash ^ (hash >> 32U);
    };
    const auto load = [&]<class Word>(std::size_t at, Word word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        return std::uint64_t{word};
    };
    auto hash = mix(text.size(), 0);
    if (text.size() < sizeof hash) {
        if (text.size() < 4) {
            for (const char c : text)
                hash = mix(hash, static_cast<unsigned char>(c));
            return hash;
        }
        // Both halves, some of it twice.
        return mix(hash, load(0, std::uint32_t{}) << 32U | load(text.size() - 4, std::uint32_t{}));
    }
    std::size_t at = 0;
    for (; at + sizeof hash < text.size(); at += sizeof hash)
        hash = mix(hash, load(at, hash));
    // The last eight, some of them for the second time.
    return mix(hash, load(text.size() - sizeof hash, hash));
}

/// Whether both are the same text. Quicker than `==` for such short ones as topics are.
inline bool is_same_text(std::string_view a, std::string_view b) {
    constexpr std::size_t word_size = sizeof(std::uint64_t);
    if (a.size() != b.size())
        return false;
    if (a.size() < word_size || a.size() > 4 * word_size)
        return a == b;
    std::uint64_t differences = 0;
    const auto compare = [&](std::size_t at) {
        std::uint64_t left = 0;
        std::uint64_t right = 0;
        std::memcpy(&left, a.data() + at, word_size);
        std::memcpy(&right, b.data() + at, word_size);
        differences |= left ^ right;
    };
    for (std::size_t at = 0; at + word_size < a.size(); at += word_size)
        compare(at);
    compare(a.size() - word_size); // some of it for the second time
    return differences == 0;
}

} // namespace mesh
