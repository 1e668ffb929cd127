#include "mesh/manifest/reference_text.hpp"

#include "mesh/manifest/source_text.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>

namespace mesh {

namespace {

/// Whether it begins as `https:` does. Two letters at least: `C:` is somebody's folder.
bool has_scheme(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon < 2)
        return false;
    return std::isalpha(static_cast<unsigned char>(text.front())) != 0 &&
           std::ranges::all_of(text.substr(0, colon), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' ||
                      c == '.';
           });
}

int hex_digit(char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isxdigit(byte) == 0)
        return -1;
    return std::isdigit(byte) != 0 ? c - '0' : std::tolower(byte) - 'a' + 10;
}

/// Resolves `%20` and its like; a `%` that begins none stays. Nothing when it hides a control
/// character, which no path and no name has.
std::optional<std::string> without_percent(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
            hex_digit(text[i + 2]) >= 0) {
            c = static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            return std::nullopt;
        plain += c;
    }
    return plain;
}

/// One step of a JSON pointer: `~1` is a slash, `~0` a tilde.
std::string without_tilde(std::string_view step) {
    std::string plain;
    for (std::size_t i = 0; i < step.size(); ++i) {
        const bool is_escape =
            step[i] == '~' && i + 1 < step.size() && (step[i + 1] == '0' || step[i + 1] == '1');
        plain += !is_escape ? step[i] : step[i + 1] == '0' ? '~' : '/';
        i += is_escape ? 1 : 0;
    }
    return plain;
}

} // namespace

Result<ReferenceText> parse_reference(std::string_view text) {
    const auto refuse = [&](std::string_view why) {
        return fail(ErrorCode::invalid, in_quotes(text) + std::string(why));
    };
    if (text.empty())
        return refuse(" is empty; expected a reference such as #/components/messages/NAME");
    if (has_scheme(text) || text.starts_with("//"))
        return refuse(" leads away from the files here, and the network is never asked; keep a "
                      "copy beside this file and refer to that");
    const auto hash = text.find('#');
    const auto path = without_percent(text.substr(0, hash));
    const auto pointer = without_percent(hash == std::string_view::npos ? std::string_view()
                                                                        : text.substr(hash + 1));
    if (!path || !pointer)
        return refuse(" holds a control character");
    if (path->starts_with('/'))
        return refuse(": expected a path relative to this file");
    if (!pointer->empty() && pointer->front() != '/')
        return refuse(": expected `#/` and the names that lead to the value");
    ReferenceText reference{*path, {}};
    for (std::size_t start = 0; start < pointer->size();) {
        const auto end = std::min(pointer->find('/', start + 1), pointer->size());
        reference.pointer.push_back(
            without_tilde(std::string_view(*pointer).substr(start + 1, end - start - 1)));
        start = end;
    }
    return reference;
}

} // namespace mesh
