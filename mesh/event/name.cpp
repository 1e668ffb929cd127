#include "mesh/event/name.hpp"

#include "mesh/event/topic.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace mesh {

namespace {

// NAME_MAX of Linux is 255; an instance's folder has `+data` behind its name.
constexpr std::size_t file_name_size_max = 250;

constexpr std::size_t shown_size_bytes_max = 60;

/// As in mesh/store/file_name.
bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

/// The controls of C1 are two bytes in UTF-8.
bool is_control(std::string_view text, std::size_t at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    return byte < 0x20 || byte == 0x7f ||
           (byte == 0xc2 && at + 1 < text.size() &&
            static_cast<unsigned char>(text[at + 1]) < 0xa0);
}

/// For a message: shortened, and without what a terminal would obey.
std::string in_quotes(std::string_view name) {
    const bool is_text = is_utf8(name);
    auto size = std::min(name.size(), shown_size_bytes_max);
    while (size < name.size() && size > 0 && (static_cast<unsigned char>(name[size]) >> 6U) == 2)
        --size; // in the middle of a character
    std::string shown;
    for (std::size_t i = 0; i < size; ++i) {
        const bool is_odd =
            is_control(name, i) || (!is_text && static_cast<unsigned char>(name[i]) >= 0x80);
        if (is_odd && name[i] == '\xc2' && is_text)
            ++i;
        shown += is_odd ? '?' : name[i];
    }
    return '"' + shown + (size < name.size() ? "..." : "") + '"';
}

} // namespace

Result<void> check_name(std::string_view name) {
    const auto refuse = [&](std::string_view why) {
        return fail(ErrorCode::invalid,
                    "expected a name, got " + in_quotes(name) + ": " + std::string(why));
    };
    if (name.empty())
        return refuse("it is empty");
    if (name.size() > topic_size_bytes_max)
        return refuse("it is longer than " + std::to_string(topic_size_bytes_max) + " bytes");
    if (!is_utf8(name))
        return refuse("it is not UTF-8");
    if (name == "." || name == "..")
        return refuse("it is a path");
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        if (c == ' ' || is_control(name, i))
            return refuse("it holds a blank or a control character");
        if (c == '/' || c == '*' || c == '>')
            return refuse(std::string("it holds `") + c + "`");
    }
    const auto odd_count =
        name.size() - static_cast<std::size_t>(std::ranges::count_if(name, is_plain));
    if (name.size() + 2 * odd_count > file_name_size_max)
        return refuse(
            "the name of its file would be longer than " + std::to_string(file_name_size_max) +
            " bytes, as all but letters of ASCII, digits, `-`, `_` and `.` take three each");
    return {};
}

} // namespace mesh
