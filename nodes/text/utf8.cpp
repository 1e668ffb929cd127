#include "nodes/text/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace nodes {

namespace {

struct Character {
    char32_t code; ///< U+FFFD for a byte that begins no character
    std::size_t size_bytes;
    bool is_valid;
};

constexpr Character broken{0xFFFD, 1, false};

std::uint32_t byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

/// The character at the start of `text`, which is not empty. RFC 3629, section 4.
Character first_character(std::string_view text) {
    const auto lead = byte_at(text, 0);
    if (lead < 0x80)
        return {lead, 1, true};
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < size)
        return broken;
    auto code = lead & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte_at(text, i) & 0xC0U) != 0x80)
            return broken;
        code = (code << 6U) | (byte_at(text, i) & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < smallest[size] || code > 0x10FFFF || is_surrogate)
        return broken;
    return {code, size, true};
}

using Range = std::pair<char32_t, char32_t>;

bool is_in(const auto& ranges, char32_t code) {
    return std::ranges::any_of(
        ranges, [code](const Range& range) { return code >= range.first && code <= range.second; });
}

// The blocks of Unicode 15 in which all, or nearly all, characters have that width.
constexpr std::array<Range, 6> without_width{{{0x0300, 0x036F},
                                              {0x200B, 0x200F},
                                              {0x202A, 0x202E},
                                              {0x20D0, 0x20FF},
                                              {0xFE00, 0xFE0F},
                                              {0xFE20, 0xFE2F}}};
constexpr std::array<Range, 8> wide{{{0x1100, 0x115F},
                                     {0x2E80, 0xA4CF},
                                     {0xAC00, 0xD7A3},
                                     {0xF900, 0xFAFF},
                                     {0xFE30, 0xFE6F},
                                     {0xFF00, 0xFF60},
                                     {0x1F300, 0x1FAFF},
                                     {0x20000, 0x3FFFD}}};

std::size_t width_of(char32_t code) {
    return is_in(without_width, code) ? 0 : is_in(wide, code) ? 2 : 1;
}

} // namespace

std::string valid_utf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    while (!text.empty()) {
        const auto character = first_character(text);
        if (character.is_valid)
            valid += text.substr(0, character.size_bytes);
        else
            valid += "\xEF\xBF\xBD";
        text.remove_prefix(character.size_bytes);
    }
    return valid;
}

std::size_t width_columns(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty()) {
        const auto character = first_character(text);
        columns += width_of(character.code);
        text.remove_prefix(character.size_bytes);
    }
    return columns;
}

std::string shortened(std::string_view text, std::size_t columns_max) {
    const auto columns = width_columns(text);
    if (columns <= columns_max)
        return std::string(text);
    const auto head_columns = (columns_max - 3) / 2;
    const auto tail_columns = columns_max - 3 - head_columns;
    std::string head;
    std::size_t before = 0;
    while (!text.empty() && columns - before > tail_columns) {
        const auto character = first_character(text);
        const auto after = before + width_of(character.code);
        if (after <= head_columns)
            head += text.substr(0, character.size_bytes);
        before = after;
        text.remove_prefix(character.size_bytes);
    }
    return head + "..." + std::string(text);
}

std::string padded(std::string text, std::size_t columns) {
    const auto width = width_columns(text);
    if (width < columns)
        text.append(columns - width, ' ');
    return text;
}

} // namespace nodes
