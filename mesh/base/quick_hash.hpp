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
        // Twice: what differs in the last byte only has to come down to the lowest bits.
        hash = (hash ^ word) * odd;
        hash = (hash ^ (hash >> 32U)) * odd;
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
    const auto size = a.size();
    if (size != b.size())
        return false;
    if (size < sizeof(std::uint32_t) || size > 4 * sizeof(std::uint64_t))
        return a == b;
    const auto differ = [&]<class Word>(std::size_t at, Word left) {
        Word right{};
        std::memcpy(&left, a.data() + at, sizeof left);
        std::memcpy(&right, b.data() + at, sizeof right);
        return std::uint64_t{left} ^ right;
    };
    // What remains at the end is compared with some of what was before it.
    if (size < sizeof(std::uint64_t))
        return (differ(0, std::uint32_t{}) |
                differ(size - sizeof(std::uint32_t), std::uint32_t{})) == 0;
    auto differences = differ(size - sizeof(std::uint64_t), std::uint64_t{});
    for (std::size_t at = 0; at + sizeof(std::uint64_t) < size; at += sizeof(std::uint64_t))
        differences |= differ(at, std::uint64_t{});
    return differences == 0;
}

} // namespace mesh
