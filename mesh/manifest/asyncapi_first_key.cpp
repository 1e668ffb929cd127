#include "mesh/manifest/asyncapi_first_key.hpp"

namespace mesh {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view blanks = " \t\r\n";

void skip_line(std::string_view& text) {
    const auto end = text.find('\n');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
}

void skip_blanks(std::string_view& text) {
    const auto next = text.find_first_not_of(blanks);
    text.remove_prefix(next == std::string_view::npos ? text.size() : next);
}

bool skip(std::string_view& text, std::string_view word) {
    const bool is_there = text.starts_with(word);
    text.remove_prefix(is_there ? word.size() : 0);
    return is_there;
}

/// Blanks, comments, directives and `---`.
void skip_head(std::string_view& text) {
    for (skip_blanks(text); !text.empty(); skip_blanks(text)) {
        if (text.front() == '#' || text.front() == '%')
            skip_line(text);
        else if (!skip(text, "---"))
            return;
    }
}

} // namespace

bool begins_with_asyncapi(std::string_view text) {
    skip(text, byte_order_mark);
    skip_head(text);
    if (skip(text, "{"))
        skip_head(text);
    const char quote = text.empty() ? ' ' : text.front();
    const bool is_quoted = quote == '"' || quote == '\'';
    text.remove_prefix(is_quoted ? 1 : 0);
    if (!skip(text, "asyncapi") || (is_quoted && !skip(text, std::string_view(&quote, 1))))
        return false;
    skip_blanks(text);
    return text.starts_with(':');
}

} // namespace mesh
