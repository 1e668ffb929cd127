#include "mesh/base/node_id.hpp"

#include <algorithm>
#include <random>

namespace mesh {

NodeId NodeId::random() {
    std::random_device entropy;
    NodeId id;
    for (auto& byte : id.bytes)
        byte = static_cast<std::byte>(entropy() & 0xffU);
    return id;
}

std::string to_string(const NodeId& id) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * id.bytes.size());
    for (const auto byte : id.bytes) {
        const auto value = std::to_integer<unsigned>(byte);
        text += digits[value >> 4U];
        text += digits[value & 15U];
    }
    return text;
}

std::string short_text(const NodeId& id) {
    return to_string(id).substr(0, 8);
}

Result<NodeId> parse_node_id(std::string_view text) {
    const auto digit = [](char c) -> int {
        if (c >= '0' && c <= '9')
            return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    if (text.size() != 32 || !std::ranges::all_of(text, [&](char c) { return digit(c) >= 0; }))
        return fail(ErrorCode::malformed, "expected a node id of 32 hexadecimal digits, got \"" +
                                              std::string(text) + "\"");
    NodeId id;
    for (std::size_t i = 0; i < id.bytes.size(); ++i)
        id.bytes[i] = static_cast<std::byte>(digit(text[2 * i]) * 16 + digit(text[2 * i + 1]));
    return id;
}

} // namespace mesh
