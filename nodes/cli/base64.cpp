#include "nodes/cli/base64.hpp"

#include <cstdint>

namespace nodes {

std::string base64_of(mesh::Bytes bytes) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j)
            group = group << 8U |
                    (i + j < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i + j]) : 0);
        const std::size_t digits = std::min<std::size_t>(3, bytes.size() - i) + 1;
        for (std::size_t j = 0; j < 4; ++j)
            text += j < digits ? alphabet[group >> (18 - 6 * j) & 63U] : '=';
    }
    return text;
}

} // namespace nodes
