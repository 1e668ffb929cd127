#include "mesh/event/tokens.hpp"

#include "mesh/event/topic.hpp"

#include <string>

namespace mesh {

namespace {

/// Whether a byte belongs to a control character: C0, DEL, or one of the C1 ones, which are two
/// bytes in UTF-8 and move the cursor of a terminal just the same.
bool is_control(std::string_view text, std::size_t at) {
    const auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto byte = byte_at(at);
    const auto is_c1_tail = [&](std::size_t i) {
        return i > 0 && i < text.size() && byte_at(i - 1) == 0xc2 && (byte_at(i) & 0xe0U) == 0x80;
    };
    return byte < 0x20 || byte == 0x7f || is_c1_tail(at) || (byte == 0xc2 && is_c1_tail(at + 1));
}

/// What an error may show of a text that nobody checked.
std::string printable(std::string_view text) {
    const bool is_text = is_utf8(text);
    std::string shown;
    for (std::size_t i = 0; i < text.size() && i < topic_size_bytes_max; ++i) {
        const bool is_safe = is_text || static_cast<unsigned char>(text[i]) < 0x80;
        shown += is_control(text, i) || !is_safe ? '?' : text[i];
    }
    while (!is_utf8(shown)) // cut off within a character
        shown.pop_back();
    return shown;
}

} // namespace

Result<void> check_tokens(std::string_view text, std::string_view kind) {
    const auto refuse = [&](std::string_view why) {
        return fail(ErrorCode::invalid, "expected a " + std::string(kind) + ", got \"" +
                                            printable(text) + "\": " + std::string(why));
    };
    if (text.empty())
        return refuse("it is empty");
    if (text.size() > topic_size_bytes_max)
        return refuse("it is longer than " + std::to_string(topic_size_bytes_max) + " bytes");
    if (!is_utf8(text))
        return refuse("it is not UTF-8");
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_control(text, i))
            return refuse("it holds a control character");
        if (text[i] == ' ')
            return refuse("it holds a blank");
    }
    for (const auto token : Tokens(text)) {
        if (token.empty())
            return refuse("it has an empty token");
        if (token.size() > 1 && token.find_first_of("*>") != std::string_view::npos)
            return refuse("`*` and `>` stand for whole tokens");
    }
    return {};
}

} // namespace mesh
