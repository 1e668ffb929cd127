#include "nodes/text/escape.hpp"

#include "nodes/text/utf8.hpp"

#include <fmt/format.h>

namespace nodes {

namespace {

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// U+2400 and what follows show the control characters as small letters; U+2421 is DEL.
std::string control_picture(char c) {
    const int number = c == 0x7F ? 0x21 : c;
    return {'\xE2', '\x90', static_cast<char>(0x80 + number)};
}

/// U+0080 to U+009F, the other control characters, are two bytes: C2 80 to C2 9F.
bool is_late_control(std::string_view text, std::size_t at) {
    return text[at] == '\xC2' && at + 1 < text.size() &&
           static_cast<unsigned char>(text[at + 1]) <= 0x9F;
}

/// XML 1.0 leaves out U+FFFE and U+FFFF too: EF BF BE and EF BF BF.
std::string without_noncharacters(std::string text) {
    for (auto at = text.find("\xEF\xBF"); at != std::string::npos;
         at = text.find("\xEF\xBF", at + 3))
        if (text[at + 2] == '\xBE' || text[at + 2] == '\xBF')
            text[at + 2] = '\xBD';
    return text;
}

template <class Replace>
std::string replaced(std::string_view text, Replace replace) {
    std::string result;
    result.reserve(text.size());
    for (const char c : text)
        result += replace(c);
    return result;
}

} // namespace

std::string escape_xml(std::string_view text) {
    return replaced(without_noncharacters(valid_utf8(text)), [](char c) -> std::string {
        switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        case '\t':
            return "&#9;";
        case '\n':
            return "&#10;";
        default:
            return is_control(c) ? control_picture(c) : std::string(1, c);
        }
    });
}

std::string escape_dot(std::string_view text) {
    return replaced(valid_utf8(text), [](char c) -> std::string {
        switch (c) {
        case '"':
            return "\\\"";
        case '\\':
            return "\\\\";
        case '&': // labels know the entities of HTML
            return "&amp;";
        case '\n':
            return "\\n";
        default:
            return is_control(c) ? control_picture(c) : std::string(1, c);
        }
    });
}

std::string escape_mermaid(std::string_view text) {
    return replaced(valid_utf8(text), [](char c) -> std::string {
        const bool is_plain = is_letter_or_digit(c) || c == ' ' || c == '.' || c == '-' ||
                              static_cast<unsigned char>(c) >= 0x80;
        if (is_plain)
            return {c};
        return is_control(c) ? control_picture(c) : fmt::format("#{};", static_cast<int>(c));
    });
}

std::string escape_github_message(std::string_view text) {
    return replaced(valid_utf8(text), [](char c) -> std::string {
        switch (c) {
        case '%':
            return "%25";
        case '\r':
            return "%0D";
        case '\n':
            return "%0A";
        default:
            return is_control(c) ? control_picture(c) : std::string(1, c);
        }
    });
}

std::string escape_github_property(std::string_view text) {
    return replaced(escape_github_message(text), [](char c) -> std::string {
        return c == ':' ? "%3A" : c == ',' ? "%2C" : std::string(1, c);
    });
}

std::string escape_uri_path(std::string_view path) {
    constexpr std::string_view allowed = "-._~/!$&'()*+,;=@";
    const auto colon_safe = path.find('/');
    std::string uri;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const char c = path[i];
        const bool is_plain = is_letter_or_digit(c) || allowed.find(c) != std::string_view::npos ||
                              (c == ':' && colon_safe != std::string_view::npos && i > colon_safe);
        uri += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return uri;
}

std::string escape_terminal(std::string_view text) {
    const auto valid = valid_utf8(text);
    std::string result;
    for (std::size_t i = 0; i < valid.size(); ++i) {
        if (is_control(valid[i]))
            result += fmt::format("\\x{:02X}", static_cast<unsigned char>(valid[i]));
        else if (is_late_control(valid, i))
            result += fmt::format("\\x{:02X}", static_cast<unsigned char>(valid[++i]));
        else
            result += valid[i];
    }
    return result;
}

} // namespace nodes
