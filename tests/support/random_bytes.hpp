#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace tests {

using Random = std::mt19937_64;

inline std::string random_bytes(Random& random, std::size_t size) {
    std::string bytes(size, '\0');
    for (auto& byte : bytes)
        byte = static_cast<char>(random() & 0xffU);
    return bytes;
}

/// The same bytes with one to eight bits flipped, and now and then a piece overwritten, cut out or
/// doubled: what a decoder is likely to trip over.
inline std::string damaged(Random& random, std::string_view bytes) {
    std::string result(bytes);
    if (result.empty())
        return result;
    for (auto flips = 1 + random() % 8; flips > 0; --flips)
        result[random() % result.size()] ^= static_cast<char>(1U << random() % 8);
    const auto at = random() % result.size();
    const auto size = random() % (result.size() - at + 1);
    switch (random() % 8) {
    case 0:
        result.replace(at, size, random_bytes(random, size));
        break;
    case 1:
        result.erase(at, size);
        break;
    case 2:
        result.insert(at, result.substr(at, size));
        break;
    case 3:
        result.replace(at, size, std::string(size, '\xff'));
        break;
    default:
        break;
    }
    return result;
}

/// Calls back with `count` damaged versions of `bytes` and as many pieces of pure noise.
template <class Try>
void with_noise(std::string_view bytes, std::uint64_t seed, int count, Try attempt) {
    Random random(seed);
    for (int i = 0; i < count; ++i) {
        attempt(damaged(random, bytes));
        attempt(random_bytes(random, random() % 300));
    }
}

/// Calls back with `bytes` cut off before each of its bytes.
template <class Try>
void with_cuts(std::string_view bytes, Try attempt) {
    for (std::size_t size = 0; size < bytes.size(); ++size)
        attempt(std::string(bytes.substr(0, size)));
}

} // namespace tests
