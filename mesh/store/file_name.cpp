#include "mesh/store/file_name.hpp"

namespace mesh {

namespace {

constexpr std::string_view digits = "0123456789ABCDEF";

} // namespace

std::string file_name(std::string_view text) {
    std::string name;
    for (const char c : text) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                              (c == '.' && !name.empty());
        if (is_plain) {
            name += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        name += '%';
        name += digits[byte >> 4U];
        name += digits[byte & 15U];
    }
    return name;
}

std::optional<std::string> text_of_file_name(std::string_view name) {
    std::string text;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] != '%') {
            text += name[i];
            continue;
        }
        const bool is_whole = i + 2 < name.size();
        const auto high = is_whole ? digits.find(name[i + 1]) : digits.npos;
        const auto low = is_whole ? digits.find(name[i + 2]) : digits.npos;
        if (high == digits.npos || low == digits.npos)
            return std::nullopt;
        text += static_cast<char>(high << 4U | low);
        i += 2;
    }
    return file_name(text) == name ? std::optional(text) : std::nullopt;
}

} // namespace mesh
